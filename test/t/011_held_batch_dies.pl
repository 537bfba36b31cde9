# A batch is held, found again, released or discarded, while its backend or the server dies at each step. Then a dump of
# it is restored, and a standby is promoted. It stays held, readers see nothing of it, and what is released afterwards
# is what was held: rows that a crash has taken are pulled again, and published only if the changes are the same.
use strict;
use warnings;

use Datasurface::Sql qw(sql_file);
use Datasurface::StopPoints qw(start_node die_at come_back hold_stop_points let_go pause_at);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('held', allows_streaming => 1, settings => 'max_prepared_transactions = 1');
my %batch = (pull => 0, push => 0);
my $step = 0;

sub sql { my ($sql, $database) = @_; return $node->safe_psql($database // 'postgres', $sql); }

sql(sql_file('invariants'));
# every batch but the first deletes more
sql(<<~'SQL');
	SELECT version FROM datasurface.ds_load_model(json_build_object('stores', (
		SELECT json_agg(store(kind, kind)::jsonb || '{"brakes": {"deletes": {"percent": 5}}}')
		FROM unnest(ARRAY['pull', 'push']) kind))::text, replace => false);
	SQL

# The source moves on, and the twin takes it in, without brakes.
sub next_batch
{
	my ($stream) = @_;
	my $batch = ++$batch{$stream};
	$step++;
	my $twin = "${stream}_twin";
	sql("SELECT change_source($step); SELECT keep_image('$stream', $batch)");
	sql(push_sql($twin, $batch)) if $stream eq 'push';
	sql("SELECT datasurface.ds_run('$twin')");
	sql(push_sql($stream, $batch, ", 'run $batch'")) if $stream eq 'push';
	return $batch;
}

sub push_sql
{
	my ($stream, $batch, $run) = @_;
	$run //= '';
	return "SELECT datasurface.ds_start_batch('$stream'$run); SELECT push('$stream'); "
		. "SELECT datasurface.ds_ingest('$stream', $batch)";
}

sub run { my ($stream) = @_; return "SELECT datasurface.ds_run('$stream', 'run $batch{$stream}')"; }

sub release
{
	my ($stream, $why) = @_;
	return "SELECT datasurface.ds_release_batch('$stream', $batch{$stream}, '$why')";
}

# What the catalog says of the newest batch, with what it was held for and the digest.
sub recorded
{
	my ($stream, $database) = @_;
	return sql(<<~SQL, $database);
		SELECT state, held_at, held_because, decision, (SELECT string_agg(changes_digest, ' ' ORDER BY x.dataset_id)
			FROM datasurface.batch_dataset x JOIN datasurface.stream s USING (stream_id)
			WHERE s.name = '$stream' AND batch_id = $batch{$stream})
		FROM datasurface.batches WHERE stream = '$stream' AND batch = $batch{$stream}
		SQL
}

sub hidden_ok
{
	my ($stream, $what) = @_;
	is(sql("SELECT * FROM problems_before('$stream', $batch{$stream})"), '', "$what: nothing of the batch shows");
}

sub whole_ok
{
	my ($stream, $what, $database) = @_;
	is(sql("SELECT * FROM problems('$stream', $batch{$stream})", $database), '', "$what: the same as undisturbed");
}

# A call dies, and changes nothing.
sub dies
{
	my ($stream, $point, $action, $sql, $what) = @_;
	my $before = recorded($stream);
	is(die_at($node, $point, $action, $sql), 2, "$what: dies");
	come_back($node, $action);
	is(recorded($stream), $before, "$what: the batch is as it was");
	hidden_ok($stream, $what);
}

sub is_held
{
	my ($stream, $point, $action) = @_;
	my $what = "$stream, $action at $point";
	next_batch($stream);
	dies($stream, $point, $action, run($stream) . ';', $what) if $point =~ /^(?:batch|merge)/;
	is(sql(run($stream)), 'HELD', "$what: the retry is held");
	hidden_ok($stream, $what);
	return $what;
}

sub is_released
{
	my ($stream, $point, $action) = @_;
	my $what = "release of $stream, $action at $point";
	dies($stream, $point, $action, release($stream, 'dies') . ';', $what);
	is(sql(release($stream, 'again')), 'DONE', "$what: released afterwards");
	whole_ok($stream, $what);
}

for my $stream (qw(pull push))
{
	next_batch($stream);
	is(sql(run($stream)), 'DONE', "$stream: the first load");
	my @at = (['batch.held', 'kill', 'merge.applied', 'terminate'], ['batch.saved', 'stop', 'merge.cleared', 'kill'],
		['merge.digesting', 'terminate', 'merge.committed', 'stop'],
		['merge.compared', 'kill', 'merge.digesting', 'kill']);
	for my $points (@at)
	{
		my ($hold, $hold_by, $release, $release_by) = @$points;
		is_held($stream, $hold, $hold_by);
		is_released($stream, $release, $release_by);
	}
}

# no memory is left for a digest
sub lacks_memory
{
	my ($what, $sql) = @_;
	my $before = recorded('pull');
	$node->psql('postgres', "\\set VERBOSITY verbose\nSET datasurface.stop_action = 'error';"
		. "SET datasurface.stop_at = 'merge.digesting'; $sql", stderr => \my $error);
	like($error, qr/ERROR:  53200: /, "$what without memory for the digest: says so");
	is(recorded('pull'), $before, "$what without memory for the digest: the batch is as it was");
	hidden_ok('pull', "$what without memory for the digest");
	return;
}
next_batch('pull');
lacks_memory('a run', run('pull'));
is(sql(run('pull')), 'HELD', 'the retry is held');
lacks_memory('a release', release('pull', 'no memory'));
is(sql(release('pull', 'again')), 'DONE', 'released when there is memory');
whole_ok('pull', 'no memory');

# discarded, with the rows that were pushed
is_held('push', 'nothing', 'none');
sql("INSERT INTO push.orders_staging (id) VALUES (4711)");
for my $point (qw(batch.discarded batch.saved))
{
	my $action = $point eq 'batch.saved' ? 'stop' : 'kill';
	my $staged = sql('SELECT count(*) FROM push.orders_staging');
	dies('push', $point, $action, "SELECT datasurface.ds_discard_batch('push', $batch{push}, 'dies');",
		"discard, $action at $point");
	is(sql('SELECT count(*) FROM push.orders_staging'), $staged, "discard, $action at $point: the pushed rows are there");
}

# a run that finds the held batch again
is_held('pull', 'nothing', 'none');
my $held = recorded('pull');
for my $point (qw(batch.started ingest.recorded batch.held_still batch.saved))
{
	my $action = $point eq 'batch.saved' ? 'kill' : 'terminate';
	dies('pull', $point, $action, "SELECT datasurface.ds_run('pull', 'run of another');",
		"a run of the held pull, $action at $point");
	is(sql("SELECT datasurface.ds_run('pull', 'run of another')"), 'HELD', "$point: the next run finds it again");
	is(recorded('pull'), $held, "$point: since the same time, for the same, with the same digest");
}

# both are held: dumped without the rows of unlogged tables, restored, and released there
my $dump = "$PostgreSQL::Test::Utils::tmp_check/held.dump";
$node->command_ok(['pg_dump', '--format=custom', '--no-unlogged-table-data', '--file', $dump,
	$node->connstr('postgres')], 'pg_dump');
for my $database (qw(away moved))
{
	sql("CREATE DATABASE $database");
	$node->command_ok(['pg_restore', '--exit-on-error', '--dbname', $node->connstr($database), $dump],
		"$database: pg_restore");
	is(recorded($_, $database), recorded($_), "$database: $_ is held as at home") foreach qw(pull push);
}
is(sql('SELECT count(*) FROM pull.orders_staging', 'away'), 0, 'away: the staged rows of the pull are lost');
is(sql(release('pull', 'restored'), 'away'), 'DONE', 'away: the pull is released, for the source is the same');
whole_ok('pull', 'away', 'away');
is(sql(release('push', 'restored'), 'away'), 'DONE', 'away: the push is released');
is(sql('SELECT id FROM push.orders_staging', 'away'), '4711', 'away: the row that came after the seal waits');
is(sql("DELETE FROM push.orders_staging; SELECT * FROM problems('push', $batch{push})", 'away'), '',
	'away: push: the same as undisturbed');
# where source or table has moved on, nothing is published
sql('DELETE FROM source_orders WHERE id = (SELECT min(id) FROM source_orders); '
	. 'UPDATE push.lines SET price = price + 0.01 WHERE id = (SELECT min(id) FROM push.lines)', 'moved');
my $published = sql('SELECT (SELECT sum(amount) FROM pull.orders), (SELECT sum(price) FROM push.lines)', 'moved');
for my $stream (qw(pull push))
{
	is(sql(release($stream, 'moved'), 'moved'), 'HELD', "moved: $stream is held anew");
	isnt(recorded($stream, 'moved'), recorded($stream), "moved: $stream has other figures");
}
is(sql('SELECT (SELECT sum(amount) FROM pull.orders), (SELECT sum(price) FROM push.lines)', 'moved'), $published,
	'moved: nothing is published');

# a standby is promoted
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
my %before = map { $_ => recorded($_) } qw(pull push);
$standby->psql('postgres', "\\set VERBOSITY verbose\n" . release('pull', 'on a standby'), stderr => \my $message);
like($message, qr/ERROR:  25006: .*this server is a standby/, 'no release on a standby');
$node->stop('immediate');
$standby->promote;
$node = $standby;
is(recorded($_), $before{$_}, "promoted: $_ is held as before") foreach qw(pull push);
is(sql('SELECT count(*) FROM pull.orders_staging'), 0, 'promoted: the staged rows of the pull are lost');
is(sql(release('pull', 'promoted')), 'DONE', 'promoted: the pull is released');
whole_ok('pull', 'promoted');
sql("SELECT datasurface.ds_discard_batch('push', $batch{push}, 'promoted')");
is(sql('SELECT id FROM push.orders_staging'), '4711', 'promoted: discarded, with its rows, and no later ones');
hidden_ok('push', 'promoted, discarded');

# a procedure whose held batch is discarded and purged before it asks for it: that is no success
is_held('pull', 'nothing', 'none');
hold_stop_points($node, 'decision');
my $caller = pause_at($node, 'procedure.committed', "CALL datasurface.ds_run_to_end('pull', 'run of a third');");
my $discarded = $batch{pull};
sql("SELECT datasurface.ds_discard_batch('pull', $discarded, 'nobody wants it')");
for (1 .. 2)
{
	next_batch('pull');
	is(sql('SET datasurface.keep_unchanged_batches = 0; ' . run('pull')), 'HELD', 'a later run is held');
}
is(sql("SELECT count(*) FROM datasurface.batches WHERE stream = 'pull' AND batch = $discarded"), 0,
	'the discarded batch is purged');
let_go($node, 'decision');
like($caller->finish, qr/ERROR:  batch $discarded of stream "pull" does not exist any more/,
	'who has run it to its end is told');

done_testing();
