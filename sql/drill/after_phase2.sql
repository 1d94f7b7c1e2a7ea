-- Rows of a drill's own in the schema after Phase 2, as the backend writes them then: root first, then the profile.
--
-- location is given: where the legacy column is NOT NULL with a default, a root's NULL comes back as that default.

-- write: public.user_role_profiles
INSERT INTO public.user_role_profiles (id, user_id, role_key, display_name, bio, location, status)
VALUES (pg_temp.drill_id('root of photographer'), pg_temp.drill_id('user'), 'photographer', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of tutor'), pg_temp.drill_id('user'), 'tutor', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of makeup_artist'), pg_temp.drill_id('user'), 'makeup_artist', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of developer'), pg_temp.drill_id('user'), 'developer', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of video_editor'), pg_temp.drill_id('user'), 'video_editor', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of graphic_designer'), pg_temp.drill_id('user'), 'graphic_designer', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of social_media_manager'), pg_temp.drill_id('user'), 'social_media_manager', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of fitness_trainer'), pg_temp.drill_id('user'), 'fitness_trainer', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of catering_service'), pg_temp.drill_id('user'), 'catering_service', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of ugc_content_creator'), pg_temp.drill_id('user'), 'ugc_content_creator', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of company'), pg_temp.drill_id('user'), 'company', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of customer'), pg_temp.drill_id('user'), 'customer', 'Drill', 'Written by a drill.', 'Pune', 'pending'),
       (pg_temp.drill_id('root of job_seeker'), pg_temp.drill_id('user'), 'job_seeker', 'Drill', 'Written by a drill.', 'Pune', 'pending')
RETURNING id;

-- write: public.photographer_profiles
INSERT INTO public.photographer_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('photographer'), pg_temp.drill_id('root of photographer'))
RETURNING id;

-- write: public.tutor_profiles
INSERT INTO public.tutor_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('tutor'), pg_temp.drill_id('root of tutor'))
RETURNING id;

-- write: public.makeup_artist_profiles
INSERT INTO public.makeup_artist_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('makeup_artist'), pg_temp.drill_id('root of makeup_artist'))
RETURNING id;

-- write: public.developer_profiles
INSERT INTO public.developer_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('developer'), pg_temp.drill_id('root of developer'))
RETURNING id;

-- write: public.video_editor_profiles
INSERT INTO public.video_editor_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('video_editor'), pg_temp.drill_id('root of video_editor'))
RETURNING id;

-- write: public.graphic_designer_profiles
INSERT INTO public.graphic_designer_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('graphic_designer'), pg_temp.drill_id('root of graphic_designer'))
RETURNING id;

-- write: public.social_media_manager_profiles
INSERT INTO public.social_media_manager_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('social_media_manager'), pg_temp.drill_id('root of social_media_manager'))
RETURNING id;

-- write: public.fitness_trainer_profiles
INSERT INTO public.fitness_trainer_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('fitness_trainer'), pg_temp.drill_id('root of fitness_trainer'))
RETURNING id;

-- write: public.catering_service_profiles
INSERT INTO public.catering_service_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('catering_service'), pg_temp.drill_id('root of catering_service'))
RETURNING id;

-- write: public.ugc_content_creator_profiles
INSERT INTO public.ugc_content_creator_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('ugc_content_creator'), pg_temp.drill_id('root of ugc_content_creator'))
RETURNING id;

-- write: public.company_profiles
INSERT INTO public.company_profiles (id, user_role_profile_id, legal_name)
VALUES (pg_temp.drill_id('company'), pg_temp.drill_id('root of company'), 'Drill Ltd')
RETURNING id;

-- write: public.customer_profiles
INSERT INTO public.customer_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('customer'), pg_temp.drill_id('root of customer'))
RETURNING id;

-- write: public.job_seeker_profiles
INSERT INTO public.job_seeker_profiles (id, user_role_profile_id)
VALUES (pg_temp.drill_id('job_seeker'), pg_temp.drill_id('root of job_seeker'))
RETURNING id;

-- write: public.professionals
INSERT INTO public.professionals (id, user_id, profession, display_name)
VALUES (pg_temp.drill_id('professional'), pg_temp.drill_id('user'), 'photographer', 'Drill')
RETURNING id;

-- write: public.portfolio_items
INSERT INTO public.portfolio_items (id, professional_id, title)
VALUES (pg_temp.drill_id('portfolio item'), pg_temp.drill_id('professional'), 'Drill')
RETURNING id;

-- write: public.portfolio_images
INSERT INTO public.portfolio_images (id, portfolio_item_id, file_key)
VALUES (pg_temp.drill_id('portfolio image'), pg_temp.drill_id('portfolio item'), 'drill.png')
RETURNING id;

-- write: public.services
INSERT INTO public.services (id, professional_id, title)
VALUES (pg_temp.drill_id('service'), pg_temp.drill_id('professional'), 'Drill')
RETURNING id;

-- write: public.jobs
INSERT INTO public.jobs (id, company_id, title)
VALUES (pg_temp.drill_id('job'), pg_temp.drill_id('company'), 'Drill')
RETURNING id;

-- write: public.applications
INSERT INTO public.applications (id, job_id, job_seeker_id)
VALUES (pg_temp.drill_id('application'), pg_temp.drill_id('job'), pg_temp.drill_id('job_seeker'))
RETURNING id;

-- write: public.requirements
INSERT INTO public.requirements (id, customer_id, title, category)
VALUES (pg_temp.drill_id('requirement'), pg_temp.drill_id('customer'), 'Drill', 'photographer')
RETURNING id;

-- write: public.lead_requests
INSERT INTO public.lead_requests (id, requirement_id, professional_id)
VALUES (pg_temp.drill_id('lead request'), pg_temp.drill_id('requirement'), pg_temp.drill_id('professional')::text)
RETURNING id;

-- write: public.reviews
INSERT INTO public.reviews (id, reviewer_id, reviewee_id, requirement_id, rating)
VALUES (pg_temp.drill_id('review'), pg_temp.drill_id('customer'), pg_temp.drill_id('professional')::text,
        pg_temp.drill_id('requirement'), 5)
RETURNING id;

-- write: public.coupon_uses
INSERT INTO public.coupon_uses (id, coupon_id, user_id)
VALUES (pg_temp.drill_id('coupon use'), pg_temp.drill_id('coupon'), pg_temp.drill_id('user'))
RETURNING id;

-- write: public.onboarding_configs
INSERT INTO public.onboarding_configs (id, role_key)
VALUES (pg_temp.drill_id('onboarding config'), 'drill_' || left(pg_temp.drill_id('onboarding config')::text, 8))
RETURNING id;

-- write: public.onboarding_states
INSERT INTO public.onboarding_states (user_id, role_key) VALUES (pg_temp.drill_id('user'), 'photographer')
RETURNING user_id;

-- write: public.onboarding_submissions
INSERT INTO public.onboarding_submissions (id, user_id, config_id, role_key)
VALUES (pg_temp.drill_id('submission'), pg_temp.drill_id('user'), pg_temp.drill_id('onboarding config'), 'photographer')
RETURNING id;

-- write: public.submission_documents
INSERT INTO public.submission_documents (id, submission_id, document_type, file_key)
VALUES (pg_temp.drill_id('document'), pg_temp.drill_id('submission'), 'drill', 'drill.pdf')
RETURNING id;

-- write: public.verifications
INSERT INTO public.verifications (id, user_id, verification_type)
VALUES (pg_temp.drill_id('verification'), pg_temp.drill_id('user'), 'drill')
RETURNING id;

-- write: public.verification_logs
INSERT INTO public.verification_logs (id, verification_id, action)
VALUES (pg_temp.drill_id('verification log'), pg_temp.drill_id('verification'), 'drill')
RETURNING id;

-- write: public.support_ticket_messages
INSERT INTO public.support_ticket_messages (id, ticket_id, sender_id, message)
VALUES (pg_temp.drill_id('message'), pg_temp.drill_id('ticket'), pg_temp.drill_id('user')::text, 'Drill')
RETURNING id;

-- write: public.activity_logs
INSERT INTO public.activity_logs (user_id, action) VALUES (pg_temp.drill_id('user')::text, 'drill')
RETURNING id;
