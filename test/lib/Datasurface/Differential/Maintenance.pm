# What a DBA may do to a dataset's tables at any time: statements after which every batch must end the same. Tables
# whose layouts differ, indexes of all kinds, and what the native engine leaves to the other.
package Datasurface::Differential::Maintenance;

use strict;
use warnings;
use Datasurface::Differential::Changes;
use Datasurface::Differential::Names qw(quoted_name);
use Datasurface::Differential::Random;

# $session, and the dataset; rows are rewritten here and there, which the oracle is told.
sub maintain
{
	my ($session, $dataset) = @_;
	my %tables = tables($session, $dataset);
	# what is nearly too large for a page stays as it is
	return pick(\&clean_up, \&index, \&hinder)->($session, $dataset, \%tables) if $dataset->{tight};
	pick(\&clean_up, \&store_otherwise, \&store_otherwise, \&move_staging, \&move_staging, \&move_last, \&move_last,
		\&index, \&index,
		\&hinder, \&extend_type)->($session, $dataset, \%tables);
	$session->run("UPDATE oracle.counts SET before = pg_current_xact_id()::xid WHERE d = $dataset->{d}");
	return;
}

# Its tables, and the index of its key. A live dataset has no history.
sub tables
{
	my ($session, $dataset) = @_;
	my %tables;
	@tables{qw(merge history staging key)} = split /\t/, $session->run(<<~SQL);
		SELECT concat_ws(E'\t', x.merge, coalesce(x.history, x.merge), x.staging, format('%I', c.relname))
		FROM oracle.dataset x JOIN pg_index i ON i.indrelid = x.merge::regclass AND i.indisprimary JOIN pg_class c
			ON c.oid = i.indexrelid
		WHERE x.d = $dataset->{d}
		SQL
	return %tables;
}

# What cannot be done to a column of this type is not done.
sub try_all
{
	my ($session, @statements) = @_;
	$session->attempt($_) for @statements;
	return;
}

sub clean_up
{
	my ($session, $dataset, $tables) = @_;
	my $table = $tables->{ pick(qw(merge merge history staging)) };
	my $way = pick("VACUUM $table", "VACUUM (FULL, FREEZE) $table", "ANALYZE $table", "REINDEX TABLE $table",
		"ALTER TABLE $table SET (fillfactor = 50)", "ALTER TABLE $table ADD CHECK (ds_surf_batch_in > 0)", 'cluster');
	return try_all($session, $way) if $way ne 'cluster';
	return $session->run("CLUSTER $tables->{merge} USING $tables->{key}");
}

# The same values in other bytes from now on.
sub store_otherwise
{
	my ($session, $dataset, $tables) = @_;
	my $table = $tables->{ pick(qw(merge merge staging staging history)) };
	for my $column (some(1 + roll(3), @{ $dataset->{columns} }))
	{
		# a row must fit a page where nothing may be stored elsewhere
		my $way = pick('EXTERNAL', 'EXTERNAL', 'MAIN', 'EXTENDED', $column->{type}{large} ? 'MAIN' : 'PLAIN');
		my $name = quoted_name($column->{name});
		try_all($session, "ALTER TABLE $table ALTER $name SET STORAGE $way");
		try_all($session, "ALTER TABLE $table ALTER $name SET COMPRESSION " . pick('pglz', 'lz4', 'lz4')) if chance(60);
	}
	return;
}

# The column goes to the end of its table. Rows that were there have the value as that of a column added later, when it
# is the one that the column was added with.
sub move
{
	my ($session, $table, $column, $required) = @_;
	my ($name, $moved) = (quoted_name($column->{name}), '"ds moved"');
	# what is added with a column must fit its catalog's page
	my $value = $column->{type}{large} || chance(30) ? 'NULL' : Datasurface::Differential::Changes::value_of($column);
	$session->run("ALTER TABLE $table ADD COLUMN $moved $column->{type}{type} DEFAULT $value");
	$session->run("ALTER TABLE $table ALTER $moved DROP DEFAULT");
	$session->run("UPDATE $table SET $moved = $name "
		. "WHERE ROW($name)::record OPERATOR(pg_catalog.*<>) ROW($moved)::record");
	$session->run("ALTER TABLE $table DROP COLUMN $name CASCADE");
	$session->run("ALTER TABLE $table RENAME $moved TO $name");
	$session->run("ALTER TABLE $table ALTER $name SET NOT NULL") if $required;
	return;
}

# Any columns, in any order.
sub move_staging
{
	my ($session, $dataset, $tables) = @_;
	move($session, $tables->{staging}, $_, 0) for some(1 + roll(2), @{ $dataset->{columns} });
	return;
}

# The last ones, in their order, of both tables or of one: as_of returns rows of the merge table, so its order stays.
sub move_last
{
	my ($session, $dataset, $tables) = @_;
	my @last = @{ $dataset->{columns} };
	@last = @last[ -1 - roll(scalar @last) .. -1 ];
	my @moved = grep { chance(60) } 'merge', $dataset->{milestoning} eq 'milestoned' ? 'history' : ();
	@moved = grep { $_ ne 'merge' } @moved if grep { $_->{key} } @last;
	for my $table (@moved)
	{
		move($session, $tables->{$table}, $_, $_->{key} || !$_->{nullable}) for @last;
	}
	$dataset->{reconcile}->() if @moved;
	return;
}

my @indexes = (
	'hash (%1$s)', 'brin (%1$s)', 'gin (%1$s)', 'gist (%1$s)', 'btree ((%1$s IS NULL), ds_surf_batch_in)',
	'btree (%1$s DESC) WHERE ds_surf_batch_in %% 2 = 0', 'btree ("ds types".kept(%1$s IS NULL))', 'btree (left(upper(%1$s), 100))',
	'btree (%1$s, ds_surf_batch_in) INCLUDE (ds_surf_batch_out)');

sub index
{
	my ($session, $dataset, $tables) = @_;
	# PostgreSQL makes a hash index on an array whose elements have no hash, and raises when the first row comes
	my @columns = grep { !$_->{type}{large} && $_->{type}{key} ne 'sql' && $_->{type}{type} !~ /\Abit varying.*\[\]/ }
	  @{ $dataset->{columns} };
	return unless @columns;
	my $table = $tables->{ pick(qw(merge merge merge history)) };
	make_index($session, 'INDEX', "$table USING " . sprintf(pick(@indexes), quoted_name(pick(@columns)->{name})))
		for 1 .. 2;
	my $key = join ', ', map { quoted_name($_) } shuffled(@{ $dataset->{key} });
	make_index($session, 'UNIQUE INDEX', "$tables->{merge} ($key, ds_surf_batch_out)") if chance(40);
	return;
}

my $indexes_made = 0;

# Named, for PostgreSQL would call one of a column "key" what reconcile calls an index of its own.
sub make_index
{
	my ($session, $kind, $on) = @_;
	my $name = 'ds index ' . ++$indexes_made;
	return try_all($session, "CREATE $kind \"$name\" ON $on");
}

# What the native engine does not do itself. The key is unique anyhow, and the owner is above row security.
sub hinder
{
	my ($session, $dataset, $tables) = @_;
	my $table = $tables->{merge};
	my $key = join ', ', map { quoted_name($_) } @{ $dataset->{key} };
	my ($obstacle, $begin, $end) = @{ pick(
		[ 'has triggers', "CREATE TRIGGER ds_idle AFTER UPDATE
			ON $table FOR EACH ROW EXECUTE FUNCTION \"ds types\".idle()",
			"DROP TRIGGER ds_idle ON $table" ],
		[ 'has row security', "ALTER TABLE $table ENABLE ROW LEVEL SECURITY",
			"ALTER TABLE $table DISABLE ROW LEVEL SECURITY" ],
		[ 'has triggers', "CREATE TABLE source.child_$dataset->{d} AS SELECT $key FROM $table LIMIT 5;"
			. " ALTER TABLE source.child_$dataset->{d} ADD FOREIGN KEY ($key) REFERENCES $table ($key) ON UPDATE CASCADE
				ON DELETE CASCADE",
			"DROP TABLE source.child_$dataset->{d}" ],
		[ 'has a deferrable unique constraint',
			"ALTER TABLE $table ADD CONSTRAINT ds_late_$dataset->{d} UNIQUE ($key, ds_surf_batch_in) DEFERRABLE",
			"ALTER TABLE $table DROP CONSTRAINT ds_late_$dataset->{d}" ]) };
	if ($dataset->{obstacle})
	{
		$session->run($dataset->{undo});
		return delete @{$dataset}{qw(obstacle undo)};
	}
	# PostgreSQL has no foreign key of a domain over an array
	return try_all($session, $end) if ($session->attempt($begin))[0];
	@{$dataset}{qw(obstacle undo)} = ($obstacle, $end);
	return;
}

# A value that an enum gets later sorts among those that it has, with a number behind theirs.
sub extend_type
{
	my ($session, $dataset) = @_;
	for my $type (map { $_->{type} } @{ $dataset->{columns} })
	{
		next unless $type->{type} eq '"ds types"."Mood; x"';
		my $value = 'later ' . @{ $type->{values} };
		$session->run("ALTER TYPE $type->{type} ADD VALUE '$value' BEFORE 'so so'");
		push @{ $type->{values} }, $value;
		return;
	}
	return &index(@_);
}

# What somebody else may do to a table at the very moment of a batch.
sub meanwhile
{
	my (%tables) = @_;
	my $table = $tables{ pick(qw(merge merge history staging)) };
	return pick("VACUUM $table", "VACUUM (FULL) $table", "VACUUM (FREEZE) $table", "ANALYZE $table",
		"REINDEX TABLE $table",
		"REINDEX TABLE CONCURRENTLY $table", "CLUSTER $tables{merge} USING $tables{key}",
			"CREATE INDEX CONCURRENTLY ON $tables{merge} (ds_surf_batch_in)");
}

1;
