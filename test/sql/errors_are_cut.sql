-- A failed batch keeps its error; of a long one 8 kB of the message, of the detail and of the hint, in whole
-- characters.
CREATE FUNCTION public.cut_raise(message text, detail text, hint text) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = message, DETAIL = detail, HINT = hint; END $$;
CREATE TABLE public.cut_says (message text, detail text, hint text);
CALL scene.make(scene.store('regress_cut', scene.dataset('t', query =>
    'SELECT public.cut_raise(message, detail, hint) AS id FROM public.cut_says')));
\set SHOW_CONTEXT never
CREATE VIEW pg_temp.kept AS SELECT octet_length(error_message) AS message, right(error_message, 14) AS message_end,
    octet_length(error_detail) AS detail,
    octet_length(error_hint) AS hint, right(error_hint, 14) AS hint_end
    FROM datasurface.batches WHERE stream = 'regress_cut' ORDER BY batch DESC LIMIT 1;
-- up to the limit nothing is cut
INSERT INTO public.cut_says VALUES (repeat('m', 8192), repeat('d', 8192), repeat('ж', 4096));
SELECT datasurface.ds_run('regress_cut');
TABLE pg_temp.kept;
-- beyond it, by little and by much; a character is not cut in two
UPDATE public.cut_says SET message = repeat('m', 8193), detail = 'd' || repeat('ж', 4096),
    hint = repeat('ж', 4096) || 'h';
SELECT datasurface.ds_run('regress_cut');
TABLE pg_temp.kept;
-- bytes that no compression makes small
UPDATE public.cut_says SET message = (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 1000000) i),
    detail = '', hint = 'do something';
SELECT datasurface.ds_run('regress_cut');
TABLE pg_temp.kept;
DO $$ BEGIN PERFORM datasurface.ds_require('regress_cut'); EXCEPTION WHEN OTHERS
    THEN RAISE NOTICE '% bytes, ending in %', octet_length(SQLERRM), right(SQLERRM, 14); END $$;
-- what a person or a program says is cut alike
TRUNCATE public.cut_says;
SELECT datasurface.ds_fail_batch('regress_cut', 1, repeat('reason ', 10000));
TABLE pg_temp.kept;
DROP TABLE public.cut_says;
DROP FUNCTION public.cut_raise;
