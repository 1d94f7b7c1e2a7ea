-- check: the kind of a ledger entry's reference is known whatever its spelling
SELECT w.given, w.wanted, nxtgauge_migration.reference_kind(w.given) AS found
FROM (
    VALUES
    ('payment', 'payment'), (' Payment ', 'payment'), ('lead_request', 'lead_request'), ('LEAD-REQUEST', 'lead_request'),
    ('lead request', 'lead_request'), ('bonus', NULL), ('', NULL), (NULL, NULL)
) AS w (given, wanted)
WHERE nxtgauge_migration.reference_kind(w.given) IS DISTINCT FROM w.wanted;

-- check: a text means the uuid that the server reads in it
SELECT w.given, w.wanted, nxtgauge_migration.as_uuid(w.given) AS found
FROM (
    VALUES
    ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000a'::uuid),
    ('00000000-0000-4000-8000-00000000000A', '00000000-0000-4000-8000-00000000000a'),
    ('{00000000-0000-4000-8000-00000000000a}', '00000000-0000-4000-8000-00000000000a'),
    ('0000000000004000800000000000000a', '00000000-0000-4000-8000-00000000000a'),
    ('00000000-0000-4000-8000-00000000000', NULL),
    ('00000000-0000-4000-8000-00000000000a ', NULL),
    ('{00000000-0000-4000-8000-00000000000a', NULL),
    ('emp-17', NULL), ('', NULL), (NULL, NULL)
) AS w (given, wanted)
WHERE nxtgauge_migration.as_uuid(w.given) IS DISTINCT FROM w.wanted;
