// A connection to a source by libpq. Each wait is on the latch of this process too, so that a cancel or shutdown ends it at once; only
// the resolution of a host's name blocks. A connection that is closed while a statement runs is not waited for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "model/source.hpp"
#include "remote/login.hpp"

struct pg_conn;
struct pg_result;

namespace datasurface::remote {

// An answer of a source, freed by the destructor.
class Answer {
public:
    explicit Answer(pg_result *handle) : handle_(handle) {}
    Answer(Answer &&other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
    Answer &operator=(Answer &&) = delete;
    ~Answer();

    pg_result *handle() const { return handle_; }
    std::string text(int row, int column) const; // empty: NULL

private:
    pg_result *handle_;
};

class Connection {
public:
    // Throws 08001.
    Connection(const model::Source &source, const Login &login, const std::string &encoding);
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection(); // ends what is running

    const std::string &source() const { return source_.name; }
    int version() const;
    bool used_password() const;
    std::int64_t received() const { return received_; } // bytes of copies, so far
    bool is_alive();                                    // as far as it is known without asking

    // Sends a text of one or several statements and returns the answer to the last one. when: for errors, such as "the begin of the
    // snapshot". Throws the source's error, or 08006.
    Answer run(const std::string &statements, const std::string &when);

    // The same with one statement only, of which a text of several is an error.
    Answer run_one(const std::string &statement, const std::string &when);

    // The columns that a query gives: it is prepared and not executed.
    Answer describe(const std::string &query, const std::string &when);

    // Sends a COPY TO STDOUT, one statement, and returns once the source has begun to answer. Throws the source's error.
    void begin_copy(const std::string &statement, const std::string &when);
    // The next message of the copy, or nothing at the end. To be freed with free_message.
    struct Message {
        char *bytes;
        int size; // -1: there are no more
    };
    Message next_message();
    // Once there are no more: returns the rows that the source has counted. Throws the source's error.
    std::int64_t end_copy(const std::string &when);

private:
    [[noreturn]] void fail();
    void connect(const Login &login, int seconds);
    void flush();
    void send(int sent);
    Answer last_answer(const std::string &when);
    pg_result *next_answer();

    model::Source source_;
    pg_conn *handle_ = nullptr;
    std::int64_t received_ = 0;
};

void free_message(char *bytes) noexcept;

} // namespace datasurface::remote
