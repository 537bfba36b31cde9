#include "reconcile/attempt.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>

#include "base/sqlstate.hpp"
#include "pg/context.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/spi.hpp"
#include "pg/stop_point.hpp"

namespace datasurface::reconcile {

namespace {

// What is not locked beforehand, such as a row of pg_class, a statement waits for no longer than this, which is the least that
// PostgreSQL knows.
constexpr int statement_lock_timeout = 1; // millisecond

// A queue for a lock makes autovacuum go away after so long (deadlock_timeout). We do not stand in one.
constexpr int patience_with_autovacuum = 1000;

struct Failure {
    Error error;
    bool may_pass = false;       // with the lock that somebody else has
    sqltext::Qualified relation; // whose lock that is, where it is known
};

// A statement of PostgreSQL that gave up a lock, or met a row of its catalogs that somebody was changing.
bool is_conflict(const Error &error)
{
    return error.sqlstate == sqlstate::lock_not_available || error.sqlstate == "40P01" ||
           (error.sqlstate == sqlstate::internal_error && error.message.rfind("tuple concurrently ", 0) == 0);
}

std::optional<Failure> try_once(Results &mine, const std::string &object, const std::function<void(Results &)> &body)
{
    mine.clear();
    bool ours = false;
    std::optional<sqltext::Qualified> busy;
    std::optional<Error> failure = pg::savepoint(
        [&] {
            pg::set_lock_timeout(statement_lock_timeout);
            try {
                pg::with_context("reconcile of " + object, [&] { body(mine); });
            } catch (const Busy &lock) {
                busy = lock.relation;
                throw;
            } catch (const Error &) {
                ours = true;
                throw;
            }
        },
        pg::Also::busy_locks_and_refusals);
    if (!failure)
        return std::nullopt;
    if (busy)
        return Failure{*std::move(failure), true, *std::move(busy)};
    if (!ours && is_conflict(*failure))
        return Failure{Busy("a catalog row or an object that " + object + " needs"), true, {}};
    return Failure{*std::move(failure), false, {}};
}

// A relation with its partitions, for the lock of any of them is in the way.
constexpr char with_partitions[] =
    "WITH RECURSIVE tree AS (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = $1::name AND c.relname = $2::name"
    " UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree t ON i.inhparent = t.oid),"
    " holder AS (SELECT DISTINCT l.pid FROM pg_locks l JOIN tree t ON l.relation = t.oid"
    " JOIN pg_database b ON b.oid = l.database AND b.datname = current_database() WHERE l.granted)";

// Not one that runs to prevent wraparound, which PostgreSQL would not stop either.
void tell_autovacuum_to_go(const sqltext::Qualified &relation)
{
    // who is at work is looked up once per transaction otherwise
    (void)pg::query_kept({"look_anew", "SELECT pg_stat_clear_snapshot()", {}});
    (void)pg::query_kept({"cancel_autovacuum",
                          std::string(with_partitions) +
                              " SELECT pg_cancel_backend(a.pid) FROM holder JOIN pg_stat_activity a USING (pid)"
                              " WHERE a.backend_type = 'autovacuum worker' AND a.query LIKE 'autovacuum: %'"
                              " AND a.query NOT LIKE '%(to prevent wraparound)'",
                          {relation.schema, relation.name}});
}

// Would everybody wait for ever? Who holds a lock on the relation may wait for one of those that this call keeps.
bool holder_waits_for_us(const sqltext::Qualified &relation)
{
    return !pg::query_kept({"holder_waits_for_us",
                            std::string(with_partitions) +
                                " SELECT 1 FROM holder WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)) LIMIT 1",
                            {relation.schema, relation.name}})
                .empty();
}

Result failed(const std::string &object, const Error &error)
{
    return {object, Action::failed, "", error.sqlstate + ": " + error.message, error.detail, error.hint};
}

} // namespace

Busy::Busy(const std::string &what, sqltext::Qualified relation)
    : Error(sqlstate::lock_not_available, what + " is locked by another transaction",
            "It was not free in the time that datasurface.ddl_lock_timeout gives, or its holder waits for this call.",
            relation.name.empty()
                ? "Call again when that transaction has ended."
                : "Call again when that transaction has ended. SELECT pid FROM pg_locks WHERE relation = " +
                      sqltext::literal(what) + "::regclass; says whose it is."),
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

bool Waiting::is_of_use(const std::vector<sqltext::Qualified> &busy)
{
    bool const tell = !autovacuum_was_told_ && waited_ >= patience_with_autovacuum;
    for (const sqltext::Qualified &relation : busy) {
        if (holder_waits_for_us(relation))
            return false;
        if (tell)
            tell_autovacuum_to_go(relation);
    }
    autovacuum_was_told_ = autovacuum_was_told_ || tell;
    return !is_over();
}

void attempt(Results &results, Waiting &waiting, const std::vector<Task> &tasks)
{
    std::vector<Results> done(tasks.size());
    std::vector<std::size_t> open(tasks.size());
    std::iota(open.begin(), open.end(), 0);
    while (!open.empty()) {
        std::vector<std::size_t> again;
        std::vector<sqltext::Qualified> busy;
        for (std::size_t const task : open) {
            std::optional<Failure> const failure = try_once(done[task], tasks[task].object, tasks[task].body);
            if (!failure)
                continue;
            done[task] = {failed(tasks[task].object, failure->error)};
            if (!failure->may_pass)
                continue;
            again.push_back(task);
            if (!failure->relation.name.empty())
                busy.push_back(failure->relation);
        }
        open = std::move(again);
        if (open.empty() || !waiting.is_of_use(busy))
            break;
        waiting.pause();
    }
    for (Results &mine : done)
        results.insert(results.end(), std::make_move_iterator(mine.begin()), std::make_move_iterator(mine.end()));
}

void take_locks(const std::vector<sqltext::Qualified> &relations, pg::Lock lock)
{
    for (const sqltext::Qualified &relation : relations)
        if (!pg::try_lock(relation, lock))
            throw Busy(relation.sql(), relation);
}

} // namespace datasurface::reconcile
