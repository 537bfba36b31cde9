# One place, one caller, one call: refused without a trace, or done with the right rows. The same place with harmless
# code beside it, and the owner's own call after it, are always done.
package Datasurface::Hostile::Round;

use strict;
use warnings;
use JSON::PP;
use Datasurface::Differential::Random;
use Datasurface::Hostile::Callers;
use Datasurface::Hostile::Queries;
use Datasurface::Hostile::Tables;

my %places = (%Datasurface::Hostile::Queries::places, %Datasurface::Hostile::Tables::places);

sub place_names { return sort keys %places }

# name: of the place; number: no other round has it.
sub new
{
	my ($class, $number, $name) = @_;
	my $round = bless { number => $number, name => $name, volatility => pick('VOLATILE', 'STABLE', 'IMMUTABLE') },
		$class;
	my $seed = roll(1_000_000_000);
	for my $kind ('hidden', 'safe')
	{
		srand($seed); # what a place draws is the same for both
		$round->{$kind} = $round->side($kind);
	}
	my $place = $round->{hidden}{place};
	$round->{code_of} = $place->{code_of} // 'hostile_owner';
	$round->{milestoned} = $place->{after} && $place->{after} =~ /\{history\}/ || !$place->{live} && chance(50);
	$round->{pushed} = !$place->{query} && chance(40);
	$round->draw_caller_and_call;
	return $round;
}

# One of the two stores: its names, and the place in it.
sub side
{
	my ($round, $kind) = @_;
	my ($number, $name) = @$round{qw(number name)};
	my $hidden = $kind eq 'hidden';
	my $third = $Datasurface::Hostile::Tables::places{$name} && $name =~ /^(cascade|set_|refers_)/;
	my $side = { store => "${kind}_$number", schema => "p_${kind}_$number", hidden => $hidden,
		library => !$hidden ? 'safe' : $third ? 'hidden_third' : 'hidden_owner',
		role => $hidden ? 'hostile_owner' : undef, volatility => $round->{volatility} };
	$side->{source} = "$side->{schema}.source";
	$side->{place} = $places{$name}->($side);
	$side->{query} = $side->{place}{query} // "SELECT id, v FROM $side->{source}";
	$side->{shown} = $side->{place}{shown} // 'v';
	return $side;
}

sub draw_caller_and_call
{
	my ($round) = @_;
	my $callers = \%Datasurface::Hostile::Callers::callers;
	$round->{call} = pick('run', 'run', 'run_to_end', 'ingest', 'merge', 'reset', 'load', 'validate', 'reconcile');
	my $loads = $round->{call} =~ /^(load|validate|reconcile)$/;
	my @able = grep {
		my $caller = $callers->{$_};
		# a step that commits cannot be wrapped in a function
		!($loads && !$caller->{loads}) && !($caller->{wrapped} && $round->{call} eq 'run_to_end')
	} sort keys %$callers;
	$round->{caller_name} = pick(@able);
	$round->{caller} = $callers->{ $round->{caller_name} };
	$round->{may} = $round->{caller}{may}{ $round->{code_of} };
	$round->{style} = $round->{call} eq 'run_to_end' ? 'alone' : pick('alone', 'transaction', 'transaction', 'loop');
	my $plain = !$round->{hidden}{place}{after} && !$round->{hidden}{place}{in_tables} && !$round->{may};
	$round->{engine} = $plain ? pick('sql', 'native', 'auto') : pick('sql', 'auto');
	return;
}

sub title
{
	my ($round) = @_;
	my $hidden = $round->{volatility} . ($round->{pushed} ? ' pushed' : '')
		. ($round->{milestoned} ? ' milestoned' : '');
	return "$round->{name} ($hidden), $round->{caller_name}, $round->{call} $round->{style}, $round->{engine}";
}

# ---- the script ------------------------------------------------------------------------------------------------------

sub dataset
{
	my ($round, $side, $change) = @_;
	my $type = $side->{place}{type} // 'integer';
	my @columns = ({ name => 'id', type => 'integer' }, { name => 'v', type => $type });
	my $query = $side->{query};
	if ($change && $change eq 'column')
	{
		push @columns, { name => 'w', type => $type };
		$query = "SELECT q.*, NULL::$type AS w FROM ($query) AS q";
	}
	my $ingestion = $round->{pushed} ? { kind => 'push' } : { kind => 'sql_snapshot', query => $query };
	return { name => 'd', description => $change // '', primary_key => ['id'], columns => \@columns,
		ingestion => $ingestion,
		milestoning => $round->{milestoned} ? 'milestoned' : 'live' };
}

sub model
{
	my ($round, $sides, $change) = @_;
	my @operators = qw(hostile_less hostile_createdb hostile_more hostile_third);
	my @stores = map { { name => $_->{store}, owner => 'hostile_owner', operators => \@operators,
		datasets => [ $round->dataset($_, $change) ] } } @$sides;
	return '$m$' . JSON::PP->new->canonical->encode({ stores => \@stores }) . '$m$';
}

# Connected as who may let this code run.
sub honestly
{
	my ($round) = @_;
	return $round->{code_of} eq 'hostile_owner' ? "\\connect - hostile_owner\n"
		: "\\connect - hostile_truster_of_both\n";
}

sub places
{
	my ($side, $text) = @_;
	my %tables = (staging => "$side->{store}.d_staging", merge => "$side->{store}.d",
		history => "$side->{store}.d_history",
		schema => $side->{store}, L => $side->{library}, T => "hidden_third.$side->{store}");
	return ($text // '') =~ s/\{(\w+)\}/$tables{$1} \/\/ die $1/ger;
}

sub make
{
	my ($round, $side) = @_;
	my $setup = $side->{place}{setup} // '';
	my $become = $side->{hidden} ? 'SET ROLE hostile_owner;' : '';
	my $own = $side->{hidden} ? "ALTER TABLE $side->{source} OWNER TO hostile_owner;" : '';
	return <<~SQL;
		CREATE SCHEMA $side->{schema};
		GRANT ALL ON SCHEMA $side->{schema} TO hostile_owner;
		CREATE TABLE $side->{source} (id integer PRIMARY KEY, v integer);
		INSERT INTO $side->{source} SELECT i, i * 10 FROM generate_series(1, 6) AS i;
		GRANT ALL ON $side->{source} TO hostile_owner;
		$own
		$become
		$setup
		RESET ROLE;
		SQL
}

# Stages, as who pushes does.
sub stage
{
	my ($round, $side) = @_;
	return $round->{pushed} ? "INSERT INTO $side->{store}.d_staging (id, v) $side->{query};\n" : '';
}

sub batch
{
	my ($round, $side, $number) = @_;
	return "SELECT '\@first_$side->{store} ' || datasurface.ds_run('$side->{store}');\n" unless $round->{pushed};
	my $stage = $round->stage($side);
	return "SELECT datasurface.ds_start_batch('$side->{store}') > 0;\n$stage"
		. "SELECT datasurface.ds_ingest('$side->{store}', $number) > 0;\n"
		. "SELECT '\@first_$side->{store} ' || datasurface.ds_run('$side->{store}');\n";
}

sub change
{
	my ($side) = @_;
	return "UPDATE $side->{source} SET v = 31 WHERE id = 3; DELETE FROM $side->{source} WHERE id = 2; "
		. "INSERT INTO $side->{source} VALUES (7, 70);\n";
}

# As far as the batch must be before the call.
sub lead_up
{
	my ($round, $side) = @_;
	my ($call, $store) = ($round->{call}, $side->{store});
	return "SELECT count(*) FROM datasurface.ds_load_model(" . $round->model([$side], 'column') . ", false);\n"
		if $call eq 'reconcile';
	return '' if $call =~ /^(load|validate)$/ || ($call =~ /^run/ && !$round->{pushed});
	my $seal = $call =~ /^(run|run_to_end|merge)$/ || $call eq 'reset' && chance(50);
	return "SELECT datasurface.ds_start_batch('$store') > 0;\n" . $round->stage($side)
		. ($seal ? "SELECT datasurface.ds_ingest('$store', 2) > 0;\n" : '');
}

sub called
{
	my ($round, $side) = @_;
	my $store = $side->{store};
	my $model = $round->model([$side], 'described');
	my %calls = (
		run => "SELECT datasurface.ds_run('$store', run_id => 'attacked')",
		run_to_end => "CALL datasurface.ds_run_to_end('$store', run_id => 'attacked')",
		ingest => "SELECT 'staged ' || datasurface.ds_ingest('$store', 2)",
		merge => "SELECT 'merged ' || string_agg(m::text, ' ') FROM datasurface.ds_merge_staging('$store', 2) AS m",
		reset => "SELECT datasurface.ds_reset_batch('$store', 2)",
		load => "SELECT 'loaded' FROM datasurface.ds_load_model($model, false)",
		validate => "SELECT 'problems ' || coalesce(string_agg(message, '; ') FILTER (WHERE severity = 'error'), '')
			FROM datasurface.ds_validate_model($model)",
		reconcile => "SELECT 'steps ' || coalesce(string_agg(concat_ws(' ', action, error), '; '), '')
			FROM datasurface.ds_reconcile_schema('$store')",
	);
	return $calls{ $round->{call} };
}

sub seen { return "SELECT '\@$_[0] ' || (SELECT last_value FROM hidden_owner.seen) || ' ' || (SELECT last_value "
	. "FROM hidden_third.seen);\n" }

# Read by the owner: a table's definition can call what is hidden there.
sub state_of
{
	my ($side, $name) = @_;
	my $store = $side->{store};
	return "\\connect - hostile_owner\n" . ($name eq 'after' ? seen('seen_after') : '')
		. "SELECT '\@$name ' || concat_ws(' / ', look.catalog('$store'), "
		. join(', ', map { "look.rows(to_regclass('$store.$_'))" } qw(d_staging d d_history)) . ");\n"
		. published($side, "rows_$name") . ($name eq 'before' ? seen('seen_before') : '');
}

# Wanted and found, and whether the batch's staged rows are gone.
sub published
{
	my ($side, $name) = @_;
	return "SELECT '\@$name ' || (SELECT coalesce(string_agg(id || '=' || ($side->{shown})::integer, ',' "
		. "ORDER BY id), '') FROM $side->{store}.d)"
		. " || ' of ' || (SELECT string_agg(id || '=' || v, ',' ORDER BY id) FROM $side->{source});\n";
}

sub attack
{
	my ($round, $side) = @_;
	my ($caller, $style) = @$round{qw(caller style)};
	my $call = $round->called($side);
	$call = 'SELECT look.wrapper($c$' . $call . '$c$)' if $caller->{wrapped};
	my $engine = "SET datasurface.merge_engine = $round->{engine};";
	my $open = "SELECT pg_advisory_lock(4711) IS NULL;\n$engine\n" . ($caller->{first} // '')
		. "\nSELECT '\@session_before ' || look.session();\n\\echo \@\n";
	my $outcome = "\\set failed :ERROR\n\\echo \@state :SQLSTATE\n\\echo \@message :LAST_ERROR_MESSAGE\n";
	my $close = "SELECT '\@session_after ' || look.session();\n";
	my $connect = "\\connect - $caller->{login}\n";
	return "$connect${open}SELECT concat_ws(E'\\n', '\@answer ' || l.answer, '\@state ' || l.state, "
		. "'\@message ' || l.message, '\@rest ' || l.rows) FROM look.loop(\$l\$$call\$l\$) AS l;\n$close"
		if $style eq 'loop';
	my $cursor = "DECLARE mine CURSOR FOR SELECT 'mine ' || i FROM generate_series(1, 3) AS i;\nFETCH mine;\n";
	$call = "\\echo \@answer\n$call;\n";
	return "$connect$open" . ($cursor =~ s/ FOR/ WITH HOLD FOR/r)
		. "$call$outcome\\echo \@rest mine 1\nFETCH ALL FROM mine;\n$close" if $style eq 'alone';
	return "$connect${open}BEGIN;\n${cursor}SAVEPOINT s;\n$call$outcome\\if :failed\nROLLBACK TO s;\n\\endif\n\\echo "
		. "\@rest mine 1\nFETCH ALL FROM mine;\n${close}COMMIT;\n";
}

# What is open goes on to its end, by who may.
sub finish
{
	my ($round, $side) = @_;
	my $store = $side->{store};
	my $again = "SELECT * FROM look.at('$store') \\gset\n";
	my $push = "SELECT :'state' <> 'ingested' AS unsealed,
		:open = 0 AS none \\gset\n\\if :none\nSELECT datasurface.ds_start_batch('$store') AS open \\gset\n\\endif\n"
		. "\\if :unsealed\nSELECT datasurface.ds_reset_batch('$store', :open);\n" . $round->stage($side)
			. "SELECT datasurface.ds_ingest('$store', :open) > 0;\n\\endif\n";
	return $round->honestly . "SELECT count(*) FROM datasurface.ds_reconcile_schema('$store');\n$again"
		. ($round->{pushed} ? $push : '')
		. "SELECT '\@finished ' || datasurface.ds_run('$store');\n" . state_of($side, 'end');
}

sub reconciled { return "SELECT '\@$_[1]_$_[0]{store} ' || coalesce(string_agg(error, "
	. "' ') FILTER (WHERE action = 'failed'), '') FROM datasurface.ds_reconcile_schema('$_[0]{store}');\n" }

sub prepared
{
	my ($round) = @_;
	my ($hidden, $safe) = @$round{qw(hidden safe)};
	my $sql = "\\set VERBOSITY terse\n\\connect - postgres\n" . join('', map { $round->make($_) } $hidden, $safe)
		. $round->honestly
		. "SELECT count(*) FROM datasurface.ds_load_model(" . $round->model([ $hidden, $safe ]) . ", false);\n"
		. join('', map { reconciled($_, 'made') } $hidden, $safe);
	for my $side ($hidden, $safe)
	{
		my $place = $side->{place};
		$sql .= "\\connect - hostile_owner\n" . places($side, $place->{after}) . "\n";
		$sql .= $round->honestly . reconciled($side, 'made_again') if $place->{reconcile};
		$sql .= "\\connect - " . ($side->{hidden} ? 'hostile_owner' : 'postgres') . "\n$place->{hide}\n"
			if $place->{hide};
		$sql .= $round->honestly . $round->batch($side, 1);
		$sql .= "\\connect - hostile_third\n" . places($side, $place->{later}) . "\n" if $place->{later};
		$sql .= "\\connect - hostile_owner\n" . places($side, $place->{last}) . "\n" if $place->{last};
		$sql .= "\\connect - hostile_owner\n" . change($side) . $round->honestly . $round->lead_up($side);
	}
	return $sql;
}

# Out of the model and the database.
sub dropped
{
	my ($round) = @_;
	my @sides = @$round{qw(hidden safe)};
	my $tables = join ', ', map { ("hidden_third.$_->{store}_more", "hidden_third.$_->{store}") } @sides;
	return "\\connect - hostile_truster_of_both\nSET client_min_messages = error;\n"
		. join('', map { "SELECT datasurface.ds_reset_batch(stream, open_batch) FROM datasurface.streams
			WHERE stream = '$_->{store}' AND open_batch IS NOT NULL;\n" } @sides)
		. "SELECT count(*) FROM datasurface.ds_load_model('{\"stores\": []}');\nDROP TABLE IF EXISTS $tables CASCADE;\n"
		. join('', map { "DROP SCHEMA IF EXISTS $_->{store}, $_->{schema} CASCADE;\n" } @sides);
}

1;
