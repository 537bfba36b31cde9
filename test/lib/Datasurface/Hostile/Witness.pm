# The code that is hidden: functions of one schema, once as the owner's, which tell that they ran, and once as a
# superuser's, immutable and silent, which are harmless.
package Datasurface::Hostile::Witness;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(function library);

# role: whose it is; undef: a superuser's, and harmless. volatility: of what is hidden.
sub function
{
	my ($code, $name, $arguments, $returns, $result, $volatility, $more) = @_;
	my $kind = $code->{role} ? $volatility // $code->{volatility} : 'IMMUTABLE';
	my $witness = $code->{role} ? "PERFORM $code->{library}.witness();" : '';
	$more //= '';
	return <<~SQL;
		CREATE FUNCTION $name($arguments) RETURNS $returns LANGUAGE plpgsql $kind $more AS
		\$f\$ BEGIN $witness RETURN $result; END \$f\$;
		SQL
}

# It swallows every error, so that nothing but what it did tells of it.
sub witness
{
	my ($schema) = @_;
	my @tries = (
		"INSERT INTO $schema.traces VALUES (current_user)",
		'PERFORM pg_catalog.pg_advisory_unlock_all()',
		'SET CONSTRAINTS ALL DEFERRED',
		"PERFORM pg_catalog.set_config('work_mem', '77kB', false)",
		'CREATE TEMP TABLE stolen (a pg_catalog.int4)',
		'CREATE DOMAIN pg_temp.text AS pg_catalog.text',
		"EXECUTE 'PREPARE stolen AS SELECT 1'",
		"EXECUTE 'RESET ROLE'",
		"EXECUTE 'ALTER ROLE $schema SUPERUSER'");
	my $tries = join "\n", map { "BEGIN $_; EXCEPTION WHEN OTHERS THEN NULL; END;" } @tries;
	return <<~SQL;
		CREATE SEQUENCE $schema.seen;
		GRANT ALL ON SEQUENCE $schema.seen TO PUBLIC;
		CREATE TABLE $schema.traces (who pg_catalog.text);
		CREATE FUNCTION $schema.witness() RETURNS void LANGUAGE plpgsql AS \$f\$
		DECLARE
			names pg_catalog.text[];
			one pg_catalog.text;
			cursor refcursor;
		BEGIN
			PERFORM pg_catalog.nextval('$schema.seen');
			RAISE WARNING 'WITNESS $schema as %', current_user;
			SELECT pg_catalog.array_agg(name) INTO names FROM pg_catalog.pg_cursors
				WHERE name LIKE '%mine%' OR statement LIKE '%mine%';
			FOREACH one IN ARRAY pg_catalog.coalesce(names, '{}') LOOP
				BEGIN
					cursor := one; CLOSE cursor; OPEN cursor FOR EXECUTE 'SELECT ''stolen''::pg_catalog.text';
				EXCEPTION WHEN OTHERS THEN NULL;
				END;
			END LOOP;
			$tries
		END \$f\$;
		SQL
}

# What places use. w gives back its argument, ok says yes; i: immutable, for indexes and generated columns.
sub library
{
	my ($schema, $role) = @_;
	my %code = (library => $schema, role => $role, volatility => 'VOLATILE');
	my $sql = $role ? witness($schema) =~ s/pg_catalog\.coalesce/coalesce/r : '';
	$sql .= function(\%code, "$schema.w", 'a integer', 'integer', 'a');
	$sql .= function(\%code, "$schema.ws", 'a integer', 'integer', 'a', 'STABLE');
	$sql .= function(\%code, "$schema.wi", 'a integer', 'integer', 'a', 'IMMUTABLE');
	$sql .= function(\%code, "$schema.ok", 'a integer', 'boolean', 'true');
	$sql .= function(\%code, "$schema.oki", 'a integer', 'boolean', 'true', 'IMMUTABLE');
	$sql .= function(\%code, "$schema.step", 's integer, a integer', 'integer', 'a', 'IMMUTABLE');
	$sql .= function(\%code, "$schema.difference", 'a integer, b integer', 'double precision', '(a - b)::float8',
		'IMMUTABLE');
	$sql .= function(\%code, "$schema.definer", 'a integer', 'integer', 'a', undef, 'SECURITY DEFINER');
	$sql .= function(\%code, "$schema.act", '', 'trigger', "CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END");
	my $kind = $role ? 'VOLATILE' : 'IMMUTABLE';
	$sql .= "CREATE FUNCTION $schema.in_sql(a integer) RETURNS integer LANGUAGE sql $kind AS 'SELECT $schema.w(a)';\n";
	$sql .= "CREATE FUNCTION $schema.many(a integer) RETURNS SETOF integer LANGUAGE sql $kind "
		. "AS 'SELECT $schema.w(a)';\n";
	return $sql;
}

1;
