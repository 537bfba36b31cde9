-- Types outside pg_catalog, in a schema whose name needs quotes. citext and ICU come where the server has them.
CREATE SCHEMA "ds types";
CREATE TYPE "ds types"."Mood; x" AS ENUM ('sad', 'so so', 'it''s');
CREATE DOMAIN "ds types".small AS integer CHECK (VALUE > -1000);
CREATE DOMAIN "ds types".price AS numeric;
CREATE TYPE "ds types".pair AS (a numeric, "b ""q""" text);
CREATE DOMAIN "ds types".code AS char(4);
CREATE DOMAIN "ds types".flags AS bit(3);
CREATE DOMAIN "ds types".points AS numeric[];
CREATE DOMAIN "ds types".twins AS "ds types".pair;
CREATE TYPE "ds types".mixed AS (a double precision, b char(3), c interval);
CREATE TYPE "ds types".words AS (a integer, b tsvector);
CREATE TYPE "ds types".textrange AS RANGE (subtype = text, collation = "C");
CREATE DOMAIN "ds types".tiny AS "ds types".small CHECK (VALUE < 100);
CREATE DOMAIN "ds types".cost AS "ds types".price CHECK (VALUE IS DISTINCT FROM 'NaN');
CREATE TYPE "ds types".nest AS (p "ds types".pair, l numeric[], r int4range, d "ds types".tiny);
CREATE DOMAIN "ds types".nested AS "ds types".nest;
-- what indexes and triggers call
CREATE FUNCTION "ds types".kept(value boolean) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN value; END';
-- immutable, and a superuser's: so it may run for an owner in a superuser's session
CREATE FUNCTION "ds types".idle() RETURNS trigger LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN NULL; END';
CREATE ROLE "Own; er";
GRANT USAGE ON SCHEMA "ds types" TO PUBLIC;
