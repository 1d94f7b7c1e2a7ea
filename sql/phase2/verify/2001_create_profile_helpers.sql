-- check: every spelling of a status has the meaning it should have
SELECT s.spelling, s.meaning, nxtgauge_migration.normalised_status(s.spelling) AS found
FROM (
    VALUES
    ('approved', 'approved'), ('APPROVED', 'approved'), (' Approved ', 'approved'), ('Rejected', 'rejected'),
    ('suspended', 'suspended'), ('Draft', 'draft'), ('pending', 'pending'), ('in review', 'pending'), ('', 'pending'),
    (NULL, 'pending')
) AS s (spelling, meaning)
WHERE nxtgauge_migration.normalised_status(s.spelling) IS DISTINCT FROM s.meaning;
