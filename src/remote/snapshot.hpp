// remote: rows of other PostgreSQL servers by libpq. Waits end at once with a cancel; passwords are in no message, log or view; a copy
// that is not whole is an error.
//
// This file: one snapshot of a source, from which all datasets of a batch are read.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "remote/connection.hpp"
#include "remote/copy.hpp"
#include "remote/plan_clock.hpp"
#include "remote/plan_session.hpp"

namespace datasurface::remote {

struct Target {
    model::Source source;
    std::string store;
    std::string owner;          // of the store
    bool needs_password = true; // the owner is no superuser, so the source must have asked for the password
    bool needs_clock = false;   // of a watermark
};

// A read-only transaction at the source. Without end() the connection is closed, and what runs there ends.
class Snapshot {
public:
    // Takes the idle connection of this backend, or makes one. Throws 08001, 08006, 2F003 and what the source answers.
    Snapshot(const Target &target, const Login &login);
    Snapshot(const Snapshot &) = delete;
    Snapshot &operator=(const Snapshot &) = delete;

    Connection &connection() { return *connection_; }
    const Identity &identity() const { return identity_; }

    // As it was before the snapshot, if the target needs it.
    const SourceClock &clock() const { return clock_; }

    // One row of a query, as texts, within the snapshot. title: of its dataset, for errors.
    std::vector<std::string> row_of(const std::string &query, const std::string &title);

    // The columns that a plain SELECT gives there. title: of its dataset, for errors.
    std::vector<Given> columns_of(const std::string &query, const std::string &title);

    // False when the snapshot sees a table of these queries as empty that somebody has loaded anew or rewritten since: then begin_anew().
    bool sees_tables();
    void begin_anew();

    // To be called before each copy: what an earlier query has set is forgotten.
    void pin_settings();

    // Runs body, which may ask the source; the snapshot goes on when that fails.
    template <class Body>
    void attempt(Body body)
    {
        begin_attempt();
        try {
            body();
        } catch (const Error &error) {
            end_attempt(error);
            throw;
        }
    }

    // Plans a query there without running it: rights are checked too.
    void explain(const std::string &query, const std::string &title);

    std::int64_t received() const; // bytes of rows

    // In words: PostgreSQL 15.14, primary
    std::string server();

    // Commits there, and keeps the connection for the next call. Does nothing the second time.
    // Throws 25006 when a query has written there, and 40001 when tables were rewritten: then nothing is committed.
    void end();

private:
    void connect(const Target &target, const Login &login);
    void begin_with_clock(bool needs_clock);
    void read_clock();
    void begin();
    Answer look();
    void begin_attempt();
    void end_attempt(const Error &error);

    Session session_;
    bool is_pinned_ = false; // nothing has run since
    std::string key_;
    std::unique_ptr<Connection> connection_;
    Identity identity_;
    SourceClock clock_;
    std::int64_t received_before_ = 0;
    std::int64_t received_ = 0; // once it has ended
};

} // namespace datasurface::remote
