# Where an owner hides code in the query of a pull, or in the types of its columns.
package Datasurface::Hostile::Queries;

use strict;
use warnings;
use Datasurface::Hostile::Witness qw(function);

# A place is a function of {library, schema, source, role, volatility}, which returns
#   query    of the dataset; without one SELECT id, v FROM the source
#   setup    statements of who hides the code
#   type     of the column v; shown: v as an integer again
#   fails    the batch fails for everybody
#   quiet    nothing runs in a plain batch, although it might
our %places = (
	function => sub { select_v($_[0], "$_[0]{library}.w(v)") },
	stable => sub { select_v($_[0], "$_[0]{library}.ws(v)") },
	immutable => sub { select_v($_[0], "$_[0]{library}.wi(v)") },
	immutable_of_a_constant => sub { select_v($_[0], "v + 0 * $_[0]{library}.wi(1)") },
	sql_function => sub { select_v($_[0], "$_[0]{library}.in_sql(v)") },
	sublink => sub { select_v($_[0], "(SELECT $_[0]{library}.w(v))") },
	in_from => sub {
		my ($code) = @_;
		return { query => "SELECT s.id, x.v FROM $code->{source} s "
			. "CROSS JOIN LATERAL $code->{library}.many(s.v) AS x(v)" };
	},
	cte => sub {
		my ($code) = @_;
		return { query => "WITH c AS MATERIALIZED (SELECT id, $code->{library}.w(v) AS v FROM $code->{source}) "
			. "SELECT id, v FROM c" };
	},
	where => sub { +{ query => "SELECT id, v FROM $_[0]{source} WHERE $_[0]{library}.ok(v)" } },
	limit => sub { +{ query => "SELECT id, v FROM $_[0]{source} LIMIT $_[0]{library}.w(1000)" } },
	order_by => sub { +{ query => "SELECT id, v FROM $_[0]{source} ORDER BY $_[0]{library}.w(v)" } },
	values => sub {
		my ($code) = @_;
		return { query => "SELECT s.id, s.v + x.v AS v FROM $code->{source} s, "
			. "(VALUES ($code->{library}.w(0))) AS x(v)" };
	},
	union => sub { +{ query => "SELECT id, v FROM $_[0]{source} UNION ALL SELECT id, $_[0]{library}.w(v) "
		. "FROM $_[0]{source} WHERE false OR id < -$_[0]{library}.w(1)" } },
	view => sub {
		my ($code) = @_;
		return { setup => "CREATE VIEW $code->{schema}.a AS SELECT id, $code->{library}.w(v) AS v "
			. "FROM $code->{source}; GRANT SELECT ON $code->{schema}.a TO PUBLIC;",
			query => "SELECT id, v FROM $code->{schema}.a" };
	},
	nested_view => sub {
		my ($code) = @_;
		return { setup => "CREATE VIEW $code->{schema}.a AS SELECT id, $code->{library}.w(v) AS v FROM $code->{source};
			CREATE VIEW $code->{schema}.b WITH (security_barrier) AS SELECT id, v FROM $code->{schema}.a WHERE v > 0;
			GRANT SELECT ON $code->{schema}.b TO PUBLIC;",
			query => "SELECT id, v FROM $code->{schema}.b" };
	},
	aggregate => sub {
		my ($code) = @_;
		return { setup => aggregate($code),
			query => "SELECT id, $code->{schema}.pass(v) AS v FROM $code->{source} GROUP BY id" };
	},
	aggregate_final => sub {
		my ($code) = @_;
		return { setup => "CREATE AGGREGATE $code->{schema}.pass(integer) (sfunc = int4larger, stype = integer, "
			. "finalfunc = $code->{library}.w);",
			query => "SELECT id, $code->{schema}.pass(v) AS v FROM $code->{source} GROUP BY id" };
	},
	window => sub {
		my ($code) = @_;
		return { setup => aggregate($code),
			query => "SELECT id, $code->{schema}.pass(v) OVER (PARTITION BY id) AS v FROM $code->{source}" };
	},
	operator => sub {
		my ($code) = @_;
		return { setup => "CREATE OPERATOR $code->{schema}.|+| (LEFTARG = integer, RIGHTARG = integer, "
			. "FUNCTION = $code->{library}.step);",
			query => "SELECT id, 0 OPERATOR($code->{schema}.|+|) v AS v FROM $code->{source}" };
	},
	operator_any => sub {
		my ($code) = @_;
		my $no = function($code, "$code->{schema}.same", 'a integer, b integer', 'boolean', 'a = b');
		return { setup => "$no CREATE OPERATOR $code->{schema}.=-= (LEFTARG = integer, RIGHTARG = integer, "
			. "FUNCTION = $code->{schema}.same);",
			query => "SELECT id, v FROM $code->{source} WHERE v OPERATOR($code->{schema}.=-=) ANY (ARRAY[v, 1])" };
	},
	cast => sub { +{ setup => box($_[0], ''),
		query => "SELECT id, ROW(v)::$_[0]{schema}.box::integer AS v FROM $_[0]{source}" } },
	cast_implicit => sub { +{ setup => box($_[0], 'AS IMPLICIT'),
		query => "SELECT id, abs(ROW(v)::$_[0]{schema}.box) AS v FROM $_[0]{source}" } },
	cast_assignment => sub { +{ setup => box($_[0], 'AS ASSIGNMENT'),
		query => "SELECT id, ROW(v)::$_[0]{schema}.box AS v FROM $_[0]{source}" } },
	cast_of_arrays => sub {
		+{ setup => box($_[0], ''), query =>
			"SELECT id, (ARRAY[ROW(v)::$_[0]{schema}.box]::integer[])[1] AS v FROM $_[0]{source}" }
	},
	cast_to_json => sub { +{ setup => enum_json($_[0]),
		query => "SELECT id, (to_json(v::text::$_[0]{schema}.label) ->> 'x')::integer AS v FROM $_[0]{source}" } },
	cast_to_json_aggregated => sub {
		+{ setup => enum_json($_[0]),
			query => "SELECT id, (jsonb_agg(v::text::$_[0]{schema}.label) -> 0 ->> 'x')::integer AS v "
				. "FROM $_[0]{source} GROUP BY id" }
	},
	cast_to_json_in_a_row => sub {
		+{ setup => enum_json($_[0]),
			query => "SELECT id, (row_to_json(x) -> 'b' ->> 'x')::integer AS v "
				. "FROM $_[0]{source}, LATERAL (SELECT v::text::$_[0]{schema}.label AS b) AS x" }
	},
	domain_literal => sub { +{ setup => domain($_[0]),
		query => "SELECT id, v + '0'::$_[0]{schema}.dom AS v FROM $_[0]{source}" } },
	domain_array_literal => sub { +{ setup => domain($_[0]),
		query => "SELECT id, v + ('{0}'::$_[0]{schema}.dom[])[1] AS v FROM $_[0]{source}" } },
	domain_row_literal => sub {
		+{ setup => domain($_[0]) . "CREATE TYPE $_[0]{schema}.holder AS (x $_[0]{schema}.dom);",
			query => "SELECT id, v + ('(0)'::$_[0]{schema}.holder).x AS v FROM $_[0]{source}" }
	},
	domain_cast => sub { +{ setup => domain($_[0]),
		query => "SELECT id, v::$_[0]{schema}.dom::integer AS v FROM $_[0]{source}" } },
	domain_by_text => sub { +{ setup => domain($_[0]),
		query => "SELECT id, v::text::$_[0]{schema}.dom::integer AS v FROM $_[0]{source}" } },
	domain_xmltable => sub {
		+{ setup => domain($_[0]), query =>
			"SELECT s.id, x.v::integer AS v FROM $_[0]{source} s, XMLTABLE('/r' PASSING xmlelement(name r, "
				. "xmlelement(name v, s.v)) COLUMNS v $_[0]{schema}.dom PATH 'v') x" }
	},
	json_populate_record => sub {
		my ($code) = @_;
		return { setup => domain($code) . "CREATE TYPE $code->{schema}.holder AS (x $code->{schema}.dom);",
			query => "SELECT id, (json_populate_record(NULL::$code->{schema}.holder, json_build_object('x', "
				. "v))).x::integer AS v FROM $code->{source}" };
	},
	json_to_recordset => sub {
		+{ setup => domain($_[0]), query =>
			"SELECT s.id, r.x::integer AS v FROM $_[0]{source} s, "
				. "json_to_recordset(json_build_array(json_build_object('x', s.v))) AS r(x $_[0]{schema}.dom)" }
	},
	domain_column => sub { column(domain($_[0]), "$_[0]{schema}.dom", 'v') },
	domain_over_domain => sub { column(domain($_[0]) . "CREATE DOMAIN $_[0]{schema}.outer AS $_[0]{schema}.dom;",
		"$_[0]{schema}.outer", 'v') },
	domain_array_column => sub { +{ %{ column(domain($_[0]), "$_[0]{schema}.dom[]", 'v[1]') },
		query => "SELECT id, ARRAY[v] AS v FROM $_[0]{source}" } },
	domain_row_column => sub {
		+{ %{ column(domain($_[0]) . "CREATE TYPE $_[0]{schema}.holder AS (x $_[0]{schema}.dom);",
			"$_[0]{schema}.holder", '(v).x') },
			query => "SELECT id, ROW(v)::$_[0]{schema}.holder AS v FROM $_[0]{source}" }
	},
	domain_default => sub { column("CREATE DOMAIN $_[0]{schema}.dom AS integer DEFAULT $_[0]{library}.w(1);",
		"$_[0]{schema}.dom", 'v', quiet => 1) },
	domain_check_later => sub {
		+{ %{ column("CREATE DOMAIN $_[0]{schema}.dom AS integer;", "$_[0]{schema}.dom", 'v') },
			hide => "ALTER DOMAIN $_[0]{schema}.dom ADD CHECK ($_[0]{library}.ok(value)) NOT VALID;" }
	},
	range_column => sub {
		my ($code) = @_;
		return { %{ column(range($code), "$code->{schema}.span", 'lower(v)', quiet => 1) },
			query => "SELECT id, $code->{schema}.span(v, v + 1) AS v FROM $code->{source}",
			after => 'CREATE INDEX ON {merge} USING gist (v);' };
	},
	range_literal => sub { +{ setup => range($_[0]), quiet => 1,
		query => "SELECT id, v + lower('[0,1)'::$_[0]{schema}.span) AS v FROM $_[0]{source}" } },
	# The planner folds these when it looks at the table.
	source_index => sub { +{ setup => "CREATE INDEX ON $_[0]{source} ((id + 0 * $_[0]{library}.wi(1)));" } },
	source_index_predicate => sub { +{ setup => "CREATE INDEX ON $_[0]{source} (id) WHERE $_[0]{library}.oki(1);" } },
	source_statistics => sub { +{
		setup => "CREATE STATISTICS $_[0]{schema}.st ON ((id + 0 * $_[0]{library}.wi(1))) FROM $_[0]{source};" } },
	source_child => sub {
		+{ setup => "CREATE TABLE $_[0]{schema}.child (CHECK (id > 100 * $_[0]{library}.wi(1))) INHERITS "
			. "($_[0]{source}); GRANT SELECT ON $_[0]{schema}.child TO PUBLIC;",
			query => "SELECT id, v FROM $_[0]{source} WHERE id < 50" }
	},
	row_in => sub {
		+{ setup => domain($_[0]) . "CREATE TYPE $_[0]{schema}.holder AS (x $_[0]{schema}.dom);",
			query => "SELECT id, (record_in(('(' || v || ')')::cstring, '$_[0]{schema}.holder'::regtype, "
				. "-1)::text::$_[0]{schema}.holder).x::integer AS v FROM $_[0]{source}" }
	},
	array_in => sub {
		+{ setup => domain($_[0]), query =>
			"SELECT id, v + 0 * length(array_in('{1}', '$_[0]{schema}.dom'::regtype, -1)::text) AS v "
				. "FROM $_[0]{source}" }
	},
	to_array_agg => sub { +{ setup => domain($_[0]),
		query => "SELECT id, (array_agg(v::$_[0]{schema}.dom))[1]::integer AS v FROM $_[0]{source} GROUP BY id" } },
	json_recursion => sub {
		+{ setup => domain($_[0]) . "CREATE TYPE $_[0]{schema}.holder AS (x $_[0]{schema}.dom[]);",
			query => "SELECT id, (jsonb_populate_record(NULL::$_[0]{schema}.holder, jsonb_build_object('x', "
				. "ARRAY[v]))).x[1]::integer AS v FROM $_[0]{source}" }
	},
	definer_of_a_third => sub {
		my ($code) = @_;
		my $library = $code->{role} ? 'hidden_third' : 'safe';
		return { code_of => 'hostile_third', query => "SELECT id, $library.definer(v) AS v FROM $code->{source}" };
	},
);

sub select_v { return { query => "SELECT id, $_[1] AS v FROM $_[0]{source}" } }

sub column
{
	my ($setup, $type, $shown, @more) = @_;
	return { setup => $setup, type => $type, shown => $shown, in_tables => 1, @more };
}

sub aggregate { return "CREATE AGGREGATE $_[0]{schema}.pass(integer) (sfunc = $_[0]{library}.step, stype = integer);" }
sub domain { return "CREATE DOMAIN $_[0]{schema}.dom AS integer CHECK ($_[0]{library}.ok(value));" }
sub range { return "CREATE TYPE $_[0]{schema}.span AS RANGE (subtype = integer, "
	. "subtype_diff = $_[0]{library}.difference);" }

sub box
{
	my ($code, $as) = @_;
	return "CREATE TYPE $code->{schema}.box AS (x integer);"
		. function($code, "$code->{schema}.unbox", "b $code->{schema}.box", 'integer', 'b.x')
		. "CREATE CAST ($code->{schema}.box AS integer) WITH FUNCTION $code->{schema}.unbox($code->{schema}.box) $as;";
}

# to_json and the like look for such a cast of an enum.
sub enum_json
{
	my ($code) = @_;
	return "CREATE TYPE $code->{schema}.label AS ENUM ('10', '20', '30', '31', '40', '50', '60', '70');"
		. function($code, "$code->{schema}.to_json", "l $code->{schema}.label", 'json',
			"json_build_object('x', l::text)")
		. "CREATE CAST ($code->{schema}.label AS json) WITH FUNCTION $code->{schema}.to_json($code->{schema}.label);";
}

# PostgreSQL's own functions, which reach into the session or run what a text says.
my %reaching = (
	advisory_unlock => 'pg_advisory_unlock_all()',
	set_config => "set_config('work_mem', '77kB', false)",
	query_to_xml => "query_to_xml('SELECT hidden_owner.w(1)', true, false, '')",
	table_to_xml => "table_to_xml('{schema}.shown', true, false, '')",
	cursor_to_xml => "cursor_to_xml('mine', 1, true, false, '')",
	ts_stat => "ts_stat('SELECT to_tsvector(hidden_owner.w(1)::text)')",
	ts_rewrite => "ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, ''b''::tsquery WHERE hidden_owner.ok(1)')",
	cursors => 'pg_cursor()',
	prepared => 'pg_prepared_statement()',
	large_object => 'lo_creat(-1)',
	large_object_from => "lo_from_bytea(0, 'x')",
	notify => "pg_notify('hostile', 'x')",
	snapshot => 'pg_export_snapshot()',
	setval => "setval('hidden_owner.seen', 1000000)",
	settings => 'pg_show_all_settings()',
	locks => 'pg_lock_status()',
	backend => 'pg_backend_pid()',
	setting => "current_setting('work_mem')",
);

for my $name (keys %reaching)
{
	$places{"own_$name"} = sub {
		my ($code) = @_;
		my $call = $code->{role} ? $reaching{$name} : 'clock_timestamp()';
		return { fails => $code->{role}, quiet => 1,
			setup => "CREATE VIEW $code->{schema}.shown AS SELECT $code->{library}.w(1) AS a;",
			query => "SELECT s.id, s.v FROM $code->{source} s WHERE (SELECT count(*) FROM $call AS x) >= 0"
				=~ s/\{schema\}/$code->{schema}/r };
	};
}

1;
