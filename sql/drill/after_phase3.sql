-- Rows of a drill's own in the schema after Phase 3, as the backend writes them then: root first, then the profile.
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

-- write: public.portfolio_items
INSERT INTO public.portfolio_items (id, user_role_profile_id, title)
VALUES (pg_temp.drill_id('portfolio item'), pg_temp.drill_id('root of photographer'), 'Drill')
RETURNING id;

-- write: public.portfolio_images
INSERT INTO public.portfolio_images (id, portfolio_item_id, file_key)
VALUES (pg_temp.drill_id('portfolio image'), pg_temp.drill_id('portfolio item'), 'drill.png')
RETURNING id;

-- write: public.services
INSERT INTO public.services (id, user_role_profile_id, title)
VALUES (pg_temp.drill_id('service'), pg_temp.drill_id('root of photographer'), 'Drill')
RETURNING id;

-- write: public.jobs
INSERT INTO public.jobs (id, company_id, title, employment_type)
VALUES (pg_temp.drill_id('job'), pg_temp.drill_id('company'), 'Drill', 'part_time')
RETURNING id;

-- write: public.job_applications
INSERT INTO public.job_applications (id, job_id, job_seeker_id)
VALUES (pg_temp.drill_id('application'), pg_temp.drill_id('job'), pg_temp.drill_id('job_seeker'))
RETURNING id;

-- write: public.leads
INSERT INTO public.leads (id, customer_id, title, category)
VALUES (pg_temp.drill_id('lead'), pg_temp.drill_id('customer'), 'Drill', 'photographer')
RETURNING id;

-- write: public.lead_requests
INSERT INTO public.lead_requests (id, lead_id, user_role_profile_id)
VALUES (pg_temp.drill_id('lead request'), pg_temp.drill_id('lead'), pg_temp.drill_id('root of photographer'))
RETURNING id;

-- write: public.reviews
INSERT INTO public.reviews (id, reviewer_id, reviewee_profile_id, lead_id, rating)
VALUES (pg_temp.drill_id('review'), pg_temp.drill_id('customer'), pg_temp.drill_id('root of photographer'),
        pg_temp.drill_id('lead'), 5)
RETURNING id;

-- write: public.review_highlights
INSERT INTO public.review_highlights (review_id, is_featured_on_home, display_order, card_color)
VALUES (pg_temp.drill_id('review'), true, 3, '#aabbcc')
RETURNING review_id;

-- write: public.coupon_redemptions
INSERT INTO public.coupon_redemptions (id, coupon_id, user_id, payment_id)
VALUES (pg_temp.drill_id('coupon redemption'), pg_temp.drill_id('coupon'), pg_temp.drill_id('user'),
        pg_temp.drill_id('payment'))
RETURNING id;

-- write: public.support_ticket_messages
INSERT INTO public.support_ticket_messages (id, ticket_id, sender_user_id, message)
VALUES (pg_temp.drill_id('message'), pg_temp.drill_id('ticket'), pg_temp.drill_id('user'), 'Drill')
RETURNING id;

-- write: public.verification_requests
INSERT INTO public.verification_requests (id, user_id, verification_type, document_number, status, verified_by, verified_at)
VALUES (pg_temp.drill_id('verification'), pg_temp.drill_id('user'), 'identity', 'X1', 'verified',
        pg_temp.drill_id('customer'), now())
RETURNING id;

-- write: public.verification_request_history
INSERT INTO public.verification_request_history (id, verification_request_id, action, performed_by)
VALUES (pg_temp.drill_id('verification event'), pg_temp.drill_id('verification'), 'verified', pg_temp.drill_id('customer'))
RETURNING id;

-- write: public.approval_requests
INSERT INTO public.approval_requests (id, user_id, user_role_profile_id, role_key, form_data, status)
VALUES (pg_temp.drill_id('approval'), pg_temp.drill_id('user'), pg_temp.drill_id('root of photographer'), 'photographer',
        '{"drill": true}', 'under_review')
RETURNING id;

-- write: public.approval_request_history
INSERT INTO public.approval_request_history (id, approval_request_id, sequence_no, event, status)
SELECT pg_temp.drill_id('approval event'), h.approval_request_id, 1 + max(h.sequence_no), 'review_started', 'under_review'
FROM public.approval_request_history AS h
WHERE h.approval_request_id = pg_temp.drill_id('approval')
GROUP BY h.approval_request_id
RETURNING id;

-- write: public.approval_request_documents
INSERT INTO public.approval_request_documents (id, approval_request_id, document_type, file_key)
VALUES (pg_temp.drill_id('document'), pg_temp.drill_id('approval'), 'drill', 'drill.pdf')
RETURNING id;

-- write: public.tax_rules
INSERT INTO public.tax_rules (id, code, name, rate_percent)
VALUES (pg_temp.drill_id('tax rule'), 'DRILL' || left(pg_temp.drill_id('tax rule')::text, 8), 'Drill tax', 18)
RETURNING id;

-- write: public.payment_gateway_configs
INSERT INTO public.payment_gateway_configs (id, gateway, environment, secret_reference)
VALUES (pg_temp.drill_id('gateway'), 'drill_' || left(pg_temp.drill_id('gateway')::text, 8), 'test', 'vault:payments/drill')
RETURNING id;

-- write: public.orders
INSERT INTO public.orders (id, user_id, currency, subtotal_amount, tax_amount, discount_amount, total_amount)
VALUES (pg_temp.drill_id('order'), pg_temp.drill_id('user'), 'INR', 100, 18, 8, 110)
RETURNING id;

-- write: public.order_items
INSERT INTO public.order_items (id, order_id, pricing_package_id, tax_rule_id, description, quantity, unit_amount, line_amount)
VALUES (pg_temp.drill_id('order item'), pg_temp.drill_id('order'), pg_temp.drill_id('package'), pg_temp.drill_id('tax rule'),
        'Drill', 2, 50, 100)
RETURNING id;

-- write: public.payments
INSERT INTO public.payments (id, user_id, amount, pricing_package_id)
VALUES (pg_temp.drill_id('payment of the order'), pg_temp.drill_id('user'), 110, pg_temp.drill_id('package'))
RETURNING id;

-- write: public.payment_transactions
INSERT INTO public.payment_transactions (id, payment_id, order_id, payment_gateway_config_id, currency, amount)
VALUES (pg_temp.drill_id('transaction'), pg_temp.drill_id('payment of the order'), pg_temp.drill_id('order'),
        pg_temp.drill_id('gateway'), 'INR', 110)
RETURNING id;

-- write: public.kb_sections
INSERT INTO public.kb_sections (id, category_id, slug, title)
VALUES (pg_temp.drill_id('section'), pg_temp.drill_id('category'), 'drill', 'Drill')
RETURNING id;

-- write: public.kb_articles
INSERT INTO public.kb_articles (id, category_id, section_id, slug, title, body, author_employee_id)
VALUES (pg_temp.drill_id('placed article'), pg_temp.drill_id('category'), pg_temp.drill_id('section'),
        'drill-' || pg_temp.drill_id('placed article'), 'Drill', 'Text.', pg_temp.drill_id('employee'))
RETURNING id;

-- write: public.kb_article_feedback
INSERT INTO public.kb_article_feedback (id, article_id, user_id, is_helpful, comment)
VALUES (pg_temp.drill_id('feedback'), pg_temp.drill_id('article'), pg_temp.drill_id('user'), true, 'Drill')
RETURNING id;

-- write: public.kb_article_related
INSERT INTO public.kb_article_related (id, article_id, related_article_id)
VALUES (pg_temp.drill_id('relation'), pg_temp.drill_id('article'), pg_temp.drill_id('placed article'))
RETURNING id;

-- write: public.audit_logs
INSERT INTO public.audit_logs (id, action, actor_user_id, entity_type, entity_id)
VALUES (pg_temp.drill_id('audit log'), 'drill', pg_temp.drill_id('user'), 'users', pg_temp.drill_id('user')::text)
RETURNING id;

-- write: public.audit_log_changes
INSERT INTO public.audit_log_changes (audit_log_id, column_name, old_value, new_value)
VALUES (pg_temp.drill_id('audit log'), 'phone', 'null', '"1"')
RETURNING audit_log_id, column_name;
