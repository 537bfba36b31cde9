-- Types outside pg_catalog, in a schema whose name needs quotes. citext and ICU come where the server has them.
CREATE SCHEMA "ds types";
CREATE TYPE "ds types"."Mood; x" AS ENUM ('sad', 'so so', 'it''s');
CREATE DOMAIN "ds types".small AS integer CHECK (VALUE > -1000);
CREATE DOMAIN "ds types".price AS numeric;
CREATE TYPE "ds types".pair AS (a numeric, "b ""q""" text);
CREATE ROLE "Own; er";
GRANT USAGE ON SCHEMA "ds types" TO PUBLIC;
