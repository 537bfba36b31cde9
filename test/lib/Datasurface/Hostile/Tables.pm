# Where an owner hides code on the tables that a batch writes to: {staging}, {merge}, {history}.
package Datasurface::Hostile::Tables;

use strict;
use warnings;
use Datasurface::Differential::Random;
use Datasurface::Hostile::Witness qw(function);

# As in Queries.pm; and
#   after    statements of the tables' owner, once they are made; {L} is the library
#   on       where the code is: staging, merge, history
#   later    statements of the third role, after the first batch; then the code is the third role's; last: of the owner,
# after those
our %places = (
	check => sub { on(pick('staging', 'merge', 'history'), 'ALTER TABLE {t} ADD CHECK ({L}.ok(id));') },
	check_not_valid => sub { on(pick('staging', 'merge'), 'ALTER TABLE {t} ADD CHECK ({L}.ok(id)) NOT VALID;') },
	generated => sub { on('merge',
		'ALTER TABLE {t} ADD COLUMN extra integer GENERATED ALWAYS AS ({L}.wi(id)) STORED;') },
	default => sub { on('merge', 'ALTER TABLE {t} ADD COLUMN extra integer; ALTER TABLE {t} ALTER COLUMN extra '
		. 'SET DEFAULT {L}.w(1);') },
	default_staging => sub { on('staging',
		'ALTER TABLE {t} ADD COLUMN extra integer; ALTER TABLE {t} ALTER COLUMN extra SET DEFAULT {L}.w(1);') },
	index_expression => sub { on(pick('staging', 'merge', 'history'), 'CREATE INDEX ON {t} ({L}.wi(id));') },
	index_of_a_constant => sub { on(pick('staging', 'merge', 'history'),
		'CREATE INDEX ON {t} ((id + 0 * {L}.wi(1)));') },
	index_predicate => sub { on(pick('staging', 'merge', 'history'), 'CREATE INDEX ON {t} (v) WHERE {L}.oki(id);') },
	index_predicate_of_a_constant =>
		sub { on(pick('staging', 'merge', 'history'), 'CREATE INDEX ON {t} (v) WHERE {L}.oki(1);') },
	index_unique => sub { on('merge', 'CREATE UNIQUE INDEX ON {t} ({L}.wi(id));') },
	exclusion => sub { on('merge',
		'ALTER TABLE {t} ADD EXCLUDE USING btree (({L}.wi(id)) WITH =) DEFERRABLE INITIALLY DEFERRED;') },
	rule_also => sub { on('merge', 'CREATE RULE r AS ON INSERT TO {t} DO ALSO SELECT {L}.w(1);', quiet => 1,
		fails => 1) },
	rule_on_delete => sub { on('merge', 'CREATE RULE r AS ON DELETE TO {t} WHERE {L}.ok(OLD.id) DO ALSO NOTHING;',
		quiet => 1) },
	rule_on_staging => sub { on('staging', 'CREATE RULE r AS ON DELETE TO {t} DO ALSO SELECT {L}.w(1);', quiet => 1) },
	policy => sub { on('merge', 'ALTER TABLE {t} ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON {t} USING ({L}.ok(id));',
		silent => 1) },
	statistics => sub { on('merge', 'CREATE STATISTICS {schema}.st ON ({L}.wi(id)) FROM {t};', quiet => 1) },
	statistics_of_a_constant => sub { on(pick('staging', 'merge', 'history'),
		'CREATE STATISTICS {schema}.st ON ((id + 0 * {L}.wi(1))) FROM {t};', quiet => 1) },
	trigger => \&trigger,
	trigger_with_condition => sub {
		my $t = pick('staging', 'merge');
		return on($t, 'CREATE TRIGGER t AFTER INSERT ON {t} FOR EACH ROW WHEN ({L}.ok(NEW.id)) '
			. 'EXECUTE FUNCTION safe.act();');
	},
	constraint_trigger => sub {
		on('merge', 'CREATE CONSTRAINT TRIGGER t AFTER INSERT OR UPDATE OR DELETE '
			. 'ON {t} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {L}.act();')
	},
	truncate_trigger => sub { on('staging',
		'CREATE TRIGGER t BEFORE TRUNCATE ON {t} FOR EACH STATEMENT EXECUTE FUNCTION {L}.act();', quiet => 1) },
	partition_trigger => sub { partitioned('CREATE TRIGGER t AFTER INSERT ON {merge}_low FOR EACH ROW '
		. 'EXECUTE FUNCTION {L}.act();') },
	partition_check => sub { partitioned('ALTER TABLE {merge}_low ADD CHECK ({L}.ok(id));') },
	partition_index => sub { partitioned('CREATE INDEX ON {merge}_low ({L}.wi(id));') },
	subpartition_key => sub { partitioned('', "PARTITION BY LIST (({L}.wi(v)))",
		'CREATE TABLE {merge}_low_all PARTITION OF {merge}_low DEFAULT;') },
	cascade => sub { referred('ON DELETE CASCADE',
		'CREATE TRIGGER t AFTER DELETE ON {T} FOR EACH ROW EXECUTE FUNCTION {L}.act();') },
	cascade_twice => sub {
		referred('ON DELETE CASCADE',
			'CREATE TABLE {T}_more (r integer REFERENCES {T} (key) ON DELETE CASCADE); INSERT INTO {T}_more SELECT r '
				. 'FROM {T};
			CREATE TRIGGER t AFTER DELETE ON {T}_more FOR EACH STATEMENT EXECUTE FUNCTION {L}.act();')
	},
	set_null => sub { referred('ON DELETE SET NULL',
		'CREATE TRIGGER t BEFORE UPDATE ON {T} FOR EACH ROW EXECUTE FUNCTION {L}.act();') },
	set_null_check => sub { referred('ON DELETE SET NULL', 'ALTER TABLE {T} ADD CHECK ({L}.ok(r)) NOT VALID;') },
	set_default => sub { referred('ON DELETE SET DEFAULT', 'ALTER TABLE {T} ALTER COLUMN r SET DEFAULT {L}.w(1);') },
	set_null_index => sub { referred('ON DELETE SET NULL', 'CREATE INDEX ON {T} ({L}.wi(r));') },
	refers_to_an_index_of_a_constant => sub {
		+{ in_tables => 1, quiet => 1, code_of => 'hostile_third', after => '',
			later => 'CREATE TABLE {T} (key integer PRIMARY KEY); INSERT INTO {T} SELECT generate_series(1, 9);
			CREATE INDEX ON {T} ((key + 0 * {L}.wi(1))); GRANT REFERENCES, SELECT ON {T} TO hostile_owner;',
			last => 'ALTER TABLE {merge} ADD FOREIGN KEY (id) REFERENCES {T};' }
	},
	cascade_deferred => sub {
		referred('ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED',
			'CREATE TRIGGER t AFTER DELETE ON {T} FOR EACH ROW EXECUTE FUNCTION {L}.act();')
	},
);

sub on
{
	my ($table, $after, @more) = @_;
	push @more, later_batch => 1 if $table eq 'history'; # the first batch has no earlier versions
	push @more, live => 1 if $after =~ /ADD COLUMN/;       # such a merge table has no as_of function
	return { on => $table, after => $after =~ s/\{t\}/{$table}/gr, in_tables => 1, @more };
}

sub trigger
{
	my $table = pick('staging', 'merge', 'history');
	my $event = $table eq 'merge' ? 'INSERT OR UPDATE OR DELETE' : 'INSERT';
	my $when = pick('BEFORE', 'AFTER');
	my $each = pick('ROW', 'STATEMENT');
	my $always = chance(30) ? 'ALTER TABLE {t} ENABLE ALWAYS TRIGGER t;' : '';
	return on($table, "CREATE TRIGGER t $when $event ON {t} FOR EACH $each EXECUTE FUNCTION {L}.act(); $always");
}

# The merge table anew, in partitions.
sub partitioned
{
	my ($hidden, $partition_by, $more) = @_;
	$partition_by //= '';
	$more //= '';
	my $key = $partition_by ? '' : ', CONSTRAINT d_pkey PRIMARY KEY (id)';
	return on('merge', <<~SQL, reconcile => 1);
		ALTER TABLE {merge} RENAME TO plain;
		ALTER INDEX {schema}.d_pkey RENAME TO plain_pkey;
		CREATE TABLE {merge} (LIKE {schema}.plain$key) PARTITION BY RANGE (id);
		CREATE TABLE {merge}_low PARTITION OF {merge} FOR VALUES FROM (MINVALUE) TO (1000) $partition_by;
		$more
		CREATE TABLE {merge}_high PARTITION OF {merge} FOR VALUES FROM (1000) TO (MAXVALUE);
		DROP FUNCTION IF EXISTS {schema}.d_as_of(integer);
		DROP TABLE {schema}.plain;
		$hidden
		SQL
}

# Rows of the third role's table refer to the rows of the merge table; what is there follows when these go.
sub referred
{
	my ($follows, $hidden) = @_;
	return { on => 'merge', in_tables => 1, code_of => 'hostile_third',
		after => 'GRANT USAGE ON SCHEMA {schema} TO hostile_third; GRANT REFERENCES, SELECT '
			. 'ON {merge} TO hostile_third;',
		later => "CREATE TABLE {T} (key integer PRIMARY KEY, r integer REFERENCES {merge} $follows);
			INSERT INTO {T} SELECT id, id FROM {merge}; $hidden" };
}

1;
