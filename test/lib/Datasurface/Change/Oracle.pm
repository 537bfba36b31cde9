# What the tables of a dataset should hold, in plain tables: the source, and every version with the batches that it was
# there for. Their columns have names that never change, and get another type when reconcile gives it to the
# dataset's tables.
package Datasurface::Change::Oracle;

use strict;
use warnings;
use JSON::PP ();
use Datasurface::Change::Model qw();
use Datasurface::Differential::Names qw(quoted_name quoted_text);
use Datasurface::Differential::Random;

my $still = 2147483647; # batch_out of what is current

sub place { return Datasurface::Change::Model::place(@_) }

sub list { my ($prefix, @columns) = @_; return join ', ', map { $prefix . place($_) } @columns }

sub make
{
	my ($session, $dataset) = @_;
	my $columns = join ', ', map { place($_) . " $_->{type}{type}" } @{ $dataset->{columns} };
	$session->run("CREATE TABLE source.s$dataset->{d} (pos bigint GENERATED ALWAYS AS IDENTITY, $columns)");
	$session->run("CREATE TABLE oracle.v$dataset->{d} (batch_in integer, batch_out integer)");
	$session->run("GRANT SELECT ON source.s$dataset->{d} TO PUBLIC");
	return;
}

# ---- what a change finds
# ----------------------------------------------------------------------------------------------

# Of a column that the tables lack still, the source has no values.
sub declare_column
{
	my ($session, $dataset, $column) = @_;
	undeclare_column($session, $dataset, $column);
	$session->run("ALTER TABLE source.s$dataset->{d} ADD " . place($column) . " $column->{type}{type}");
	return;
}

sub undeclare_column
{
	my ($session, $dataset, $column) = @_;
	$session->run("ALTER TABLE source.s$dataset->{d} DROP COLUMN IF EXISTS " . place($column));
	return;
}

# The value that the column will have.
sub future
{
	my ($column) = @_;
	return Datasurface::Change::Model::default_sql($column) unless $column->{made};
	return place($column) . "::$column->{type}{type}";
}

sub converts
{
	my ($session, $dataset, $column) = @_;
	for my $table ("source.s$dataset->{d}", "oracle.v$dataset->{d}")
	{
		my $value = future($column);
		# what is too long is not cut
		my $longest = $column->{type}{type} =~ /\A(?:var|bp)?char\((\d+)\)\z/ ? $1 : undef;
		return 0 if $longest && $column->{made} && '0' ne $session->run(
			"SELECT count(*) FROM $table WHERE length(rtrim(" . place($column) . "::text)) > $longest");
		# to a value that a table can hold; a NULL that was none would break NOT NULL
		my ($sqlstate, $lines) = $session->attempt("SELECT count(*) FILTER (WHERE num_nulls(x) > num_nulls(y)) FROM"
			  . " (SELECT $value AS x, " . ($column->{made} ? place($column) : $value) . " AS y FROM $table) t");
		return 0 if $sqlstate || $lines->[0] ne '0';
	}
	return 1;
}

sub has_no_null
{
	my ($session, $dataset, $column) = @_;
	return !$column->{nullable} unless $column->{made};
	return '0' eq $session->run('SELECT count(*) FROM (SELECT ' . place($column)
		. " AS x FROM source.s$dataset->{d} UNION ALL"
		  . ' SELECT ' . place($column) . " FROM oracle.v$dataset->{d} WHERE batch_out = $still) t WHERE"
			. " num_nulls(x) > 0");
}

# The rows of the source that the last batch had not published make no key ambiguous.
sub is_unique
{
	my ($session, $dataset, @key) = @_;
	my $values = join ', ', map { future($_) } @key;
	for my $rows ("oracle.v$dataset->{d} WHERE batch_out = $still", "source.s$dataset->{d}")
	{
		my ($sqlstate, $lines) = $session->attempt("SELECT count(*) - (SELECT count(*) FROM (SELECT DISTINCT"
			. " $values FROM $rows) x)"
			  . " FROM $rows");
		return 0 if $sqlstate || $lines->[0] ne '0';
	}
	return 1;
}

# ---- what a reconcile does
# --------------------------------------------------------------------------------------------

# $tables: of the dataset, by their names in SQL. Afterwards all is as the model says.
sub follow
{
	my ($session, $dataset, $tables) = @_;
	forget($session, $dataset, $_) for splice @{ $dataset->{left} };
	convert($session, $dataset, $_, $_->{type}{type}) for grep { $_->{made} } @{ $dataset->{columns} };
	fill($session, $dataset, $_) for grep { !$_->{made} } @{ $dataset->{columns} };
	my %places = places($session, $tables);
	for my $column (@{ $dataset->{columns} })
	{
		my $number = $places{ $column->{name} } // die "table $tables->{merge} has no column $column->{name}\n";
		$column->{made} = { name => $column->{name}, type => $column->{type}{type}, number => $number };
	}
	follow_history($session, $dataset, $tables);
	$dataset->{made_name} = $dataset->{name};
	return;
}

# Some steps wait: what the table has tells which.
sub follow_in_part
{
	my ($session, $dataset, $tables) = @_;
	return unless $tables->{merge}; # a call was stopped before it made them
	my %places = places($session, $tables);
	my %there = reverse %places;
	my %known = map { $_->{made} ? ($_->{made}{number} => 1) : () } @{ $dataset->{columns} }, @{ $dataset->{left} };
	$dataset->{left} = [ grep { $there{ $_->{made}{number} } || forget($session, $dataset,
		$_) } @{ $dataset->{left} } ];
	for my $column (@{ $dataset->{columns} })
	{
		if ($column->{made}) { $column->{made}{name} = $there{ $column->{made}{number} } }
		else
		{
			# a call that was stopped has not added it, or it waits; its name may still be another's
			my $number = $places{ $column->{name} };
			next if !$number || $known{$number};
			fill($session, $dataset, $column);
			$column->{made} = { name => $column->{name}, type => $column->{type}{type}, number => $number };
		}
		my $type = $session->run("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attnum ="
			. " $column->{made}{number}"
			  . ' AND attrelid = ' . quoted_text($tables->{merge}) . '::regclass');
		convert($session, $dataset, $column, $column->{type}{type})
			if $session->run("SELECT format_type(atttypid, atttypmod) <> "
			  . quoted_text($type) . " FROM pg_attribute WHERE attname = '" . place($column)
			  . "' AND attrelid = 'oracle.v$dataset->{d}'::regclass") eq 't';
	}
	return follow_history($session, $dataset, $tables);
}

# name => number of the columns of the merge table
sub places
{
	my ($session, $tables) = @_;
	my $lines = $session->run("SELECT json_object_agg(attname, attnum) FROM pg_attribute WHERE attnum > 0 AND NOT"
		. " attisdropped"
		  . ' AND attrelid = ' . quoted_text($tables->{merge}) . '::regclass');
	return %{ JSON::PP->new->decode($lines) };
}

sub forget
{
	my ($session, $dataset, $column) = @_;
	$session->run("ALTER TABLE $_$dataset->{d} DROP COLUMN " . place($column)) for qw(oracle.v source.s);
	return 0;
}

sub convert
{
	my ($session, $dataset, $column, $type) = @_;
	return if $column->{made}{type} eq $type;
	my $place = place($column);
	$session->run("ALTER TABLE $_$dataset->{d} ALTER $place TYPE $type USING $place\::$type") for qw(oracle.v source.s);
	$column->{made}{type} = $type;
	return;
}

# Rows that are there get the default; versions that are closed get NULL.
sub fill
{
	my ($session, $dataset, $column) = @_;
	my ($place, $value) = (place($column), Datasurface::Change::Model::default_sql($column));
	$session->run("ALTER TABLE oracle.v$dataset->{d} ADD $place $column->{type}{type}");
	$session->run("UPDATE source.s$dataset->{d} SET $place = $value");
	$session->run("UPDATE oracle.v$dataset->{d} SET $place = $value WHERE batch_out = $still");
	return;
}

# History begins with the newest batch of the stream, which may be newer than the dataset's: others may have used the
# number before they shared a stream.
sub follow_history
{
	my ($session, $dataset, $tables) = @_;
	my $history = defined $tables->{as_of} ? 1 : 0;
	if ($history && !$dataset->{history})
	{
		$dataset->{horizon} = $session->run('SELECT last_batch FROM datasurface.streams JOIN datasurface.datasets USING'
			  . ' (store, stream) WHERE dataset = ' . quoted_text($dataset->{name}));
		die "history begins before the last batch\n" if $dataset->{horizon} < $dataset->{last};
	}
	$dataset->{history} = $history;
	return;
}

# ---- what a batch does
# ------------------------------------------------------------------------------------------------

sub payload { my ($dataset, $alias) = @_; return join ', ', map { text_of("$alias."
	. place($_)) } @{ $dataset->{columns} } }

# Tells apart what is stored differently, NULL from '' too; a cast would take the blanks from the end of a bpchar.
sub text_of { my ($name) = @_; return "oracle.spelled(CASE WHEN num_nulls($name) = 0 THEN concat($name) END)" }

# Leaves in the source one row of each key.
sub clean
{
	my ($session, $dataset) = @_;
	my $same = join ' AND ', map { 'o.' . place($_) . ' = s.' . place($_) } @{ $dataset->{key} };
	my $source = "source.s$dataset->{d}";
	$session->run("DELETE FROM $source s WHERE EXISTS (SELECT FROM $source o WHERE $same AND o.pos < s.pos)");
	return;
}

# The rows that the batch will publish: of each key the last. Returns how many it inserts, updates and deletes, and
# leaves unchanged.
sub expect
{
	my ($session, $dataset) = @_;
	my @key = @{ $dataset->{key} };
	my $keys = list('', @key);
	$session->run("DROP TABLE IF EXISTS oracle.next$dataset->{d}; CREATE TABLE oracle.next$dataset->{d} AS"
		  . " SELECT DISTINCT ON ($keys) " . list('', @{ $dataset->{columns} })
			. " FROM source.s$dataset->{d} ORDER BY $keys, pos DESC");
	my $same = join ' AND ', map { 'n.' . place($_) . ' = v.' . place($_) } @key;
	my $differs = 'ARRAY[' . payload($dataset, 'v') . '] <> ARRAY[' . payload($dataset, 'n') . ']';
	return $session->run('SELECT count(*) FILTER (WHERE v.batch_in IS NULL),'
		  . " count(*) FILTER (WHERE v.batch_in IS NOT NULL AND n.there AND $differs),"
		  . ' count(*) FILTER (WHERE n.there IS NULL),'
		  . " count(*) FILTER (WHERE v.batch_in IS NOT NULL AND n.there AND NOT $differs)"
		  . " FROM (SELECT * FROM oracle.v$dataset->{d} WHERE batch_out = $still) v"
		  . " FULL JOIN (SELECT *, true AS there FROM oracle.next$dataset->{d}) n ON $same");
}

# The batch has been published. Versions are told by their values: what a key is does not matter to them.
sub publish
{
	my ($session, $dataset, $number) = @_;
	my ($versions, $next) = ("oracle.v$dataset->{d}", "oracle.next$dataset->{d}");
	my $same = 'ARRAY[' . payload($dataset, 'v') . '] = ARRAY[' . payload($dataset, 'n') . ']';
	my $gone = "batch_out = $still AND NOT EXISTS (SELECT FROM $next n WHERE $same)";
	$session->run($dataset->{history} ? "UPDATE $versions v SET batch_out = $number - 1 WHERE $gone"
		: "DELETE FROM $versions v WHERE $gone");
	my $columns = list('', @{ $dataset->{columns} });
	$session->run("INSERT INTO $versions (batch_in, batch_out, $columns) SELECT $number, $still, $columns FROM $next n"
		  . " WHERE NOT EXISTS (SELECT FROM $versions v WHERE batch_out = $still AND $same)");
	$dataset->{last} = $number;
	return;
}

# ---- what is compared
# -------------------------------------------------------------------------------------------------

# $tables: {merge, staging, history, as_of, view} by their names in SQL
sub problems
{
	my ($session, $dataset, $tables) = @_;
	my @problems = rows($session, $dataset, $tables);
	push @problems, as_of($session, $dataset, $tables) if $dataset->{history};
	push @problems, "the dataset is $dataset->{milestoning}, which its tables are not"
		if $dataset->{history} != ($dataset->{milestoning} eq 'milestoned');
	push @problems, columns($session, $dataset, $tables);
	push @problems, $session->run("SELECT 'a user''s column has lost its value' FROM $tables->{merge}"
		  . " WHERE \"their column\" IS DISTINCT FROM 'theirs' LIMIT 1") if $dataset->{of_users};
	return @problems;
}

sub differences
{
	my ($session, $what, $found, $wanted) = @_;
	return $session->run("SELECT '$what lacks', x FROM (($wanted) EXCEPT ALL ($found)) x UNION ALL"
		  . " SELECT '$what has', x FROM (($found) EXCEPT ALL ($wanted)) x LIMIT 8");
}

sub as_named { my ($dataset) = @_; return join ', ', map { text_of('t.'
	. quoted_name($_->{name})) } @{ $dataset->{columns} } }

sub rows
{
	my ($session, $dataset, $tables) = @_;
	my ($found, $wanted) = (as_named($dataset), payload($dataset, 'v'));
	my @problems = differences($session, 'the merge table', "SELECT ds_surf_batch_in, $found FROM $tables->{merge} t",
		"SELECT batch_in, $wanted FROM oracle.v$dataset->{d} v WHERE batch_out = $still");
	push @problems, differences($session, 'the view', "SELECT $found FROM $tables->{view} t",
		"SELECT $wanted FROM oracle.v$dataset->{d} v WHERE batch_out = $still") if $tables->{view};
	return @problems;
}

sub as_of
{
	my ($session, $dataset, $tables) = @_;
	my ($found, $wanted) = (as_named($dataset), payload($dataset, 'v'));
	my $from = $dataset->{horizon} || 1;
	my $batches = "generate_series($from, greatest($from, $dataset->{last})) b";
	my @problems = differences($session, 'as-of', "SELECT b, $found FROM $batches, $tables->{as_of}(b) t",
		"SELECT b, $wanted FROM $batches, oracle.v$dataset->{d} v WHERE b BETWEEN batch_in AND batch_out");
	if ($dataset->{horizon} > 1)
	{
		my ($sqlstate) = $session->attempt("SELECT * FROM $tables->{as_of}($dataset->{horizon} - 1)");
		push @problems, "as-of before its history begins ended with '$sqlstate'" unless $sqlstate eq '22P02';
	}
	return @problems;
}

# Also while a change of the tables is half done.
sub as_of_counts
{
	my ($session, $dataset, $tables) = @_;
	return unless $dataset->{history} && $tables->{as_of};
	my $from = $dataset->{horizon} || 1;
	my $batches = "generate_series($from, greatest($from, $dataset->{last})) b";
	return differences($session, 'as-of', "SELECT b, count(*) FROM $batches, $tables->{as_of}(b) GROUP BY b",
		"SELECT b, count(*) FROM $batches, oracle.v$dataset->{d} WHERE b BETWEEN batch_in AND batch_out GROUP BY b");
}

# The tables are as the model says.
sub columns
{
	my ($session, $dataset, $tables) = @_;
	my $of = "pg_attribute a WHERE attnum > 0 AND NOT attisdropped AND attname !~ '^ds_surf_' AND attname <>"
		. " 'their column'";
	my $values = join ', ', map { '(' . quoted_text($_->{name}) . ', ' . quoted_text(place($_)) . ', '
		. ($_->{nullable} ? 'false' : 'true') . ')' }
	  @{ $dataset->{columns} };
	my @problems;
	for my $kind (grep { $tables->{$_} && ($_ ne 'history' || $dataset->{history}) } qw(merge staging history))
	{
		my $not_null = $kind eq 'merge' ? 'n' : 'false';
		push @problems, differences($session, "the $kind table",
			"SELECT attname::text, format_type(atttypid, atttypmod), attnotnull FROM $of AND attrelid = "
			  . quoted_text($tables->{$kind}) . '::regclass',
			"SELECT w.name, format_type(atttypid, atttypmod), $not_null FROM (VALUES $values) w(name, place, n)"
			  . " JOIN pg_attribute ON attname = place AND attrelid = 'oracle.v$dataset->{d}'::regclass");
	}
	my $key = join ', ', map { quoted_name($_->{name}) } @{ $dataset->{key} };
	my $found = $session->run("SELECT string_agg(oracle.quoted(attname), ', ' ORDER BY n) FROM pg_index,"
		  . ' unnest(indkey::int2[]) WITH ORDINALITY k(a, n) JOIN pg_attribute ON attrelid = '
			. quoted_text($tables->{merge})
		  . '::regclass AND attnum = a WHERE indrelid = attrelid AND indisprimary');
	push @problems, "the key is ($found), not ($key)" if $found ne $key;
	return @problems;
}

1;
