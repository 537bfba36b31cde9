#include "reconcile/attempt.hpp"

#include <algorithm>
#include <numeric>

#include "base/sqlstate.hpp"
#include "pg/context.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/spi.hpp"
#include "pg/stop_point.hpp"
#include "reconcile/record.hpp"

namespace datasurface::reconcile {

namespace {

// A statement waits no longer than this for locks that are not taken beforehand, such as on a row of pg_class. It is the
// smallest lock_timeout.
constexpr int statement_lock_timeout = 1; // millisecond

// PostgreSQL cancels autovacuum when a lock was waited for this long (deadlock_timeout). Reconcile does not wait for locks,
// so it cancels autovacuum itself.
constexpr int autovacuum_cancel_delay = 1000; // milliseconds

// A statement did not get a lock, or another transaction was changing the same catalog row.
bool is_conflict(const Error &error)
{
    return error.sqlstate == sqlstate::lock_not_available || error.sqlstate == "40P01" ||
           (error.sqlstate == sqlstate::internal_error && error.message.rfind("tuple concurrently ", 0) == 0);
}

// A relation with its partitions: a lock on any of them conflicts.
constexpr char with_partitions[] =
    "WITH RECURSIVE tree AS (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = $1::name AND c.relname = $2::name"
    " UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree t ON i.inhparent = t.oid),"
    " holder AS (SELECT DISTINCT l.pid FROM pg_locks l JOIN tree t ON l.relation = t.oid"
    " JOIN pg_database b ON b.oid = l.database AND b.datname = current_database() WHERE l.granted)";

// Does not cancel an autovacuum to prevent wraparound. PostgreSQL does not cancel that either.
void cancel_autovacuum(const sqltext::Qualified &relation)
{
    // pg_stat_activity is otherwise read once per transaction
    (void)pg::query_kept({"clear_stat_snapshot", "SELECT pg_stat_clear_snapshot()", {}});
    (void)pg::query_kept({"cancel_autovacuum",
                          std::string(with_partitions) +
                              " SELECT pg_cancel_backend(a.pid) FROM holder JOIN pg_stat_activity a USING (pid)"
                              " WHERE a.backend_type = 'autovacuum worker' AND a.query LIKE 'autovacuum: %'"
                              " AND a.query NOT LIKE '%(to prevent wraparound)'",
                          {relation.schema, relation.name}});
}

// True when a holder of a lock on the relation waits for a lock of this call: waiting would be a deadlock.
bool holder_waits_for_us(const sqltext::Qualified &relation)
{
    return !pg::query_kept({"holder_waits_for_us",
                            std::string(with_partitions) +
                                " SELECT 1 FROM holder WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)) LIMIT 1",
                            {relation.schema, relation.name}})
                .empty();
}

Result failure_of(const std::string &object, const Error &error)
{
    return {object, std::string(failed), "", error.sqlstate + ": " + error.message, error.detail, error.hint};
}

struct Attempted {
    std::vector<Results> done; // of each task
    std::vector<std::optional<Failure>> failures;
};

Attempted attempt_all(Waiting &waiting, const std::vector<Task> &tasks)
{
    Attempted all{std::vector<Results>(tasks.size()), std::vector<std::optional<Failure>>(tasks.size())};
    std::vector<std::size_t> open(tasks.size());
    std::iota(open.begin(), open.end(), 0);
    while (!open.empty()) {
        std::vector<std::size_t> again;
        std::vector<sqltext::Qualified> busy;
        for (std::size_t const task : open) {
            std::optional<Failure> &failure = all.failures[task];
            failure = try_once(all.done[task], tasks[task]);
            if (!failure || !failure->may_pass)
                continue;
            again.push_back(task);
            if (!failure->relation.name.empty())
                busy.push_back(failure->relation);
        }
        open = std::move(again);
        if (open.empty() || !waiting.should_retry(busy))
            break;
        waiting.pause();
    }
    return all;
}

} // namespace

std::optional<Failure> try_once(Results &mine, const Task &task)
{
    const std::string &object = task.object;
    mine.clear();
    bool ours = false;
    std::optional<sqltext::Qualified> busy;
    std::optional<Error> failure = pg::savepoint(
        [&] {
            do_not_wait_for_locks();
            try {
                pg::with_context(task.act + " of " + object, [&] { task.body(mine); });
                record_done(task, mine);
                pg::stop_point("reconcile.recorded");
            } catch (const LockNotAvailable &lock) {
                busy = lock.relation;
                throw;
            } catch (const Error &) {
                ours = true;
                throw;
            }
        },
        pg::OnError::return_busy_locks_and_refusals);
    if (!failure)
        return std::nullopt;
    if (busy)
        return Failure{*std::move(failure), true, *std::move(busy)};
    if (!ours && is_conflict(*failure))
        return Failure{LockNotAvailable("a catalog row or an object that " + object + " needs"), true, {}};
    return Failure{*std::move(failure), false, {}};
}

LockNotAvailable::LockNotAvailable(const std::string &what, sqltext::Qualified relation)
    : Error(sqlstate::lock_not_available, what + " is locked by another transaction",
            "It was not released within datasurface.ddl_lock_timeout, or its holder waits for this call.",
            relation.name.empty()
                ? "Call again when that transaction has ended."
                : "Call again when that transaction has ended. SELECT pid FROM pg_locks WHERE relation = " +
                      sqltext::literal(what) + "::regclass; shows which session holds it."),
      relation(std::move(relation))
{
}

bool Waiting::is_over() const
{
    return waited_ >= pg::settings::ddl_lock_timeout();
}

void Waiting::pause()
{
    pg::stop_point("reconcile.waits");
    pg::pause(pause_);
    waited_ += pause_;
    pause_ = std::min(pause_ * 2, longest_pause);
}

bool Waiting::should_retry(const std::vector<sqltext::Qualified> &busy)
{
    bool const cancel = !autovacuum_was_cancelled_ && waited_ >= autovacuum_cancel_delay;
    for (const sqltext::Qualified &relation : busy) {
        if (holder_waits_for_us(relation))
            return false;
        if (cancel)
            cancel_autovacuum(relation);
    }
    autovacuum_was_cancelled_ = autovacuum_was_cancelled_ || cancel;
    return !is_over();
}

std::vector<Results> attempt(Waiting &waiting, const std::vector<Task> &tasks)
{
    Attempted all = attempt_all(waiting, tasks);
    for (std::size_t task = 0; task < tasks.size(); ++task)
        if (all.failures[task]) {
            record_failed(tasks[task], all.done[task], all.failures[task]->error);
            all.done[task] = {failure_of(tasks[task].object, all.failures[task]->error)};
        }
    return std::move(all.done);
}

Results attempt_one(Waiting &waiting, const Task &task)
{
    Attempted all = attempt_all(waiting, {task});
    if (all.failures.front())
        throw Error(all.failures.front()->error);
    return std::move(all.done.front());
}

void do_not_wait_for_locks()
{
    pg::set_lock_timeout(statement_lock_timeout);
}

void take_locks(const std::vector<sqltext::Qualified> &relations, pg::Lock lock)
{
    for (const sqltext::Qualified &relation : relations)
        if (!pg::try_lock(relation, lock))
            throw LockNotAvailable(relation.sql(), relation);
}

} // namespace datasurface::reconcile
