#include "reconcile/attempt.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/sqlstate.hpp"
#include "pg/context.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/spi.hpp"

namespace datasurface::reconcile {

namespace {

// What is not locked beforehand, such as a row of pg_class, a statement waits for no longer than this.
constexpr int statement_lock_timeout = 10; // milliseconds

constexpr int first_pause = 10;
constexpr int longest_pause = 100;

// A queue for a lock makes autovacuum go away after so long (deadlock_timeout). We do not stand in one.
constexpr int patience_with_autovacuum = 1000;

std::string timeout_text()
{
    return "datasurface.ddl_lock_timeout is " + std::to_string(pg::settings::ddl_lock_timeout()) +
           " ms, in which it was tried again and again.";
}

class Waiting {
public:
    bool is_over() const
    {
        int const timeout = pg::settings::ddl_lock_timeout();
        return timeout > 0 && elapsed() >= timeout;
    }

    bool has_been_long_enough_for_autovacuum()
    {
        if (autovacuum_was_told_ || elapsed() < patience_with_autovacuum)
            return false;
        autovacuum_was_told_ = true;
        return true;
    }

    void pause()
    {
        pg::pause(pause_);
        pause_ = std::min(pause_ * 2, longest_pause);
    }

private:
    std::int64_t elapsed() const
    {
        auto const time = std::chrono::steady_clock::now() - since_;
        return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    }

    std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
    int pause_ = first_pause;
    bool autovacuum_was_told_ = false;
};

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
        return Failure{Busy("what " + object + " needs"), true, {}};
    return Failure{*std::move(failure), false, {}};
}

// Not one that runs to prevent wraparound, which PostgreSQL would not stop either.
void tell_autovacuum_to_go(const sqltext::Qualified &relation)
{
    (void)pg::query_kept({"cancel_autovacuum",
                          "SELECT pg_cancel_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                          " JOIN pg_database b ON b.oid = l.database AND b.datname = current_database()"
                          " JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace"
                          " WHERE n.nspname = $1::name AND c.relname = $2::name AND l.granted"
                          " AND a.backend_type = 'autovacuum worker' AND a.query LIKE 'autovacuum: %'"
                          " AND a.query NOT LIKE '%(to prevent wraparound)'",
                          {relation.schema, relation.name}});
}

} // namespace

Busy::Busy(const std::string &what, sqltext::Qualified relation)
    : Error(sqlstate::lock_not_available, what + " is locked by another transaction", timeout_text(),
            relation.name.empty()
                ? "Call again when that transaction has ended, or raise datasurface.ddl_lock_timeout."
                : "Call again when that transaction has ended, or raise datasurface.ddl_lock_timeout. SELECT pid FROM "
                  "pg_locks WHERE relation = " +
                      sqltext::literal(what) + "::regclass; says whose it is."),
      relation(std::move(relation))
{
}

void attempt(Results &results, const std::string &object, const std::function<void(Results &)> &body)
{
    Waiting waiting;
    for (;;) {
        Results mine;
        std::optional<Failure> const failure = try_once(mine, object, body);
        if (!failure) {
            results.insert(results.end(), mine.begin(), mine.end());
            return;
        }
        const Error &error = failure->error;
        if (!failure->may_pass || waiting.is_over()) {
            results.push_back({object, "failed", "", error.sqlstate + ": " + error.message, error.detail, error.hint});
            return;
        }
        if (!failure->relation.name.empty() && waiting.has_been_long_enough_for_autovacuum())
            tell_autovacuum_to_go(failure->relation);
        waiting.pause();
    }
}

void take_locks(const std::vector<sqltext::Qualified> &relations, pg::Lock lock)
{
    for (const sqltext::Qualified &relation : relations)
        if (!pg::try_lock(relation, lock))
            throw Busy(relation.sql(), relation);
}

void execute_step(Results &results, const std::string &role, const Step &step)
{
    pg::as_role(role, [&] { pg::execute({step.action, step.statement, {}}); });
    results.push_back({step.object, step.action, step.statement, "", "", ""});
}

} // namespace datasurface::reconcile
