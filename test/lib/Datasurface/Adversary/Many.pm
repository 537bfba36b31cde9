# Some batches of so many rows that the native engine's smallest memory is not enough, with workers and without, against
# plain SQL. Dies with what went wrong.
package Datasurface::Adversary::Many;

use strict;
use warnings;
use Datasurface::Sql qw(sql_file);
use Datasurface::Differential::Random;
use Datasurface::Differential::Session;

my $model = <<'JSON';
{"stores": [{"name": "big", "description": "big", "datasets": [{"name": "many", "description": "many rows",
	"primary_key": ["kind", "id"], "milestoning": "milestoned", "ingestion": INGESTION, "duplicate_keys": "POLICY",
	"columns": [{"name": "id", "type": "bigint"}, {"name": "kind", "type": "text"}, {"name": "amount",
		"type": "numeric"},
		{"name": "note", "type": "text"}, {"name": "spot", "type": "point"}]}]}]}
JSON

sub new
{
	my ($class, $node, $seed) = @_;
	begin_with_seed($seed * 1000 + 999);
	my $database = "many_$seed";
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	my $session = Datasurface::Differential::Session->connect_to($node, $database);
	$session->run(sql_file('adversary_many') . ';CREATE EXTENSION datasurface');
	my $self = bless { session => $session, node => $node, database => $database, batches => 0, pushed => chance(50),
		last => chance(50) }, $class;
	my $ingestion = $self->{pushed} ? '{"kind": "push"}'
		: '{"kind": "sql_snapshot", "query": "SELECT * FROM source.many"}';
	my $policy = $self->{last} ? 'last' : 'error';
	$session->run("SELECT version FROM datasurface.ds_load_model('"
		. $model =~ s/INGESTION/$ingestion/r =~ s/POLICY/$policy/r . "')");
	$session->run('SELECT count(*) FROM datasurface.ds_reconcile_schema()');
	return $self;
}

sub run
{
	my ($self, $batches) = @_;
	my $rows = 15_000 + roll(30_000);
	for my $batch (1 .. $batches)
	{
		$self->one($batch, $rows);
		my @problems = $self->{session}->run("SELECT * FROM source.problems($batch, "
			. ($batch == $batches ? 'true' : 'false') . ')');
		die "batch $batch of $rows rows: @problems\n" if @problems;
		$self->{batches}++;
	}
	$self->{session}->disconnect;
	$self->{node}->safe_psql('postgres', "DROP DATABASE $self->{database} WITH (FORCE)");
	return;
}

sub one
{
	my ($self, $batch, $rows) = @_;
	my $session = $self->{session};
	my $engine = pick(qw(auto native native sql));
	$session->run("SET datasurface.merge_engine = $engine; SET datasurface.merge_work_mem = "
		. pick(q{'1MB'}, q{'1MB'}, q{'64MB'})
		  . '; SET datasurface.merge_workers = ' . pick(0, 2) . '; SET work_mem = ' . pick(q{'64kB'}, q{'4MB'}));
	$session->run("CALL source.change($batch, $rows, " . pick(1, 2, 10, 100) . ')') unless $batch > 1 && chance(15);
	$session->run("CALL source.remember($batch)");
	$self->push_rows($batch) if $self->{pushed};
	my $answer = $session->run("SELECT datasurface.ds_run('big', 'batch $batch')");
	return if $answer eq 'DONE';
	die "batch $batch of $rows rows: ds_run answered $answer: "
		. $session->run('SELECT error_message FROM datasurface.batches ORDER BY batch DESC LIMIT 1') . "\n";
}

# Where the last one counts, some rows come twice, the wrong ones first.
sub push_rows
{
	my ($self, $batch) = @_;
	my $into = 'INSERT INTO big.many_staging (id, kind, amount, note, spot)';
	$self->{session}->run("SELECT datasurface.ds_start_batch('big')");
	$self->{session}->run("$into SELECT id, kind, -1, 'wrong', NULL FROM source.many WHERE id % 50 = 0")
		if $self->{last};
	$self->{session}->run("$into SELECT * FROM source.many ORDER BY " . pick('id', 'id DESC', 'kind, note'));
	$self->{session}->run("SELECT datasurface.ds_ingest('big', $batch, rows => (SELECT count(*)
		FROM big.many_staging))");
	return;
}

1;
