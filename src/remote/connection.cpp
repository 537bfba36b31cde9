#include "remote/connection.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>
#include <poll.h>
#include <unistd.h>
#include <vector>

#include <libpq-fe.h>

#include "pg/boundary.hpp"
#include "remote/errors.hpp"
#include "remote/plan_options.hpp"
#include "remote/wait_raising.hpp"

extern "C" {
#include "storage/fd.h"
}

namespace datasurface::remote {

namespace {

// While it lives, libpq finds no variable of the environment that begins with PG: no PGPASSWORD, PGSERVICE, PGSSLKEY.
class WithoutEnvironment {
public:
    WithoutEnvironment()
    {
        for (char **variable = environ; *variable != nullptr; ++variable)
            if (std::strncmp(*variable, "PG", 2) != 0)
                kept_.push_back(*variable);
        kept_.push_back(nullptr);
        environ = kept_.data();
    }
    WithoutEnvironment(const WithoutEnvironment &) = delete;
    WithoutEnvironment &operator=(const WithoutEnvironment &) = delete;
    ~WithoutEnvironment() { environ = outer_; }

private:
    std::vector<char *> kept_;
    char **outer_ = environ;
};

// As the source reads it: client_encoding there is this database's encoding.
std::string encoded(const std::string &text)
{
    const char *const there = pg::call([&] { return pg::to_server(text); });
    return there;
}

PGconn *start(const model::Source &source, const Login &login, const std::string &encoding)
{
    std::vector<Option> options = options_of(source, encoding, PQlibVersion());
    for (Option &option : options)
        option.value = encoded(option.value);
    std::vector<const char *> keywords, values;
    for (const Option &option : options) {
        keywords.push_back(option.keyword.c_str());
        values.push_back(option.value.c_str());
    }
    for (const auto &[keyword, value] : {std::pair{"user", &login.user}, std::pair{"password", &login.password}}) {
        keywords.push_back(keyword);
        values.push_back(value->c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    WithoutEnvironment const hidden;
    return PQconnectStartParams(keywords.data(), values.data(), 0);
}

using Clock = std::chrono::steady_clock;

bool wait(const PGconn *connection, For what, long milliseconds = -1)
{
    int const socket = PQsocket(connection);
    return pg::call([&] { return wait_for(socket, what, milliseconds); });
}

void ignore_notice(void *, const PGresult *) {}

} // namespace

Answer::~Answer()
{
    PQclear(handle_);
}

std::string Answer::text(int row, int column) const
{
    return PQgetvalue(handle_, row, column);
}

Connection::Connection(const model::Source &source, const Login &login, const std::string &encoding) : source_(source)
{
    pg::call([] { reserve_file(); });
    try {
        handle_ = start(source, login, encoding);
        if (handle_ == nullptr)
            throw std::bad_alloc();
        PQsetNoticeReceiver(handle_, ignore_notice, nullptr); // a source that asks for secrets may say them
        connect(login, connect_timeout(source));
        if (PQsetnonblocking(handle_, 1) != 0)
            fail();
    } catch (...) { // the destructor is not called
        PQfinish(handle_);
        ReleaseExternalFD();
        throw;
    }
}

Connection::~Connection()
{
    PQfinish(handle_);
    ReleaseExternalFD();
}

void Connection::connect(const Login &login, int seconds)
{
    Clock::time_point const end = Clock::now() + std::chrono::seconds(seconds);
    PostgresPollingStatusType next = PQstatus(handle_) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (next != PGRES_POLLING_OK) {
        if (next == PGRES_POLLING_FAILED)
            throw connect_error(source_, handle_, login.password);
        auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0 || !wait(handle_, next == PGRES_POLLING_READING ? For::reading : For::writing, left))
            throw no_connection(source_, "it did not answer within " + std::to_string(seconds) + " seconds",
                                "The option connect_timeout of the source says how long is waited.");
        WithoutEnvironment const hidden;
        next = PQconnectPoll(handle_);
    }
}

void Connection::fail()
{
    throw lost_error(source_, handle_);
}

int Connection::version() const
{
    return PQserverVersion(handle_);
}

bool Connection::used_password() const
{
    return PQconnectionUsedPassword(handle_) != 0;
}

// A session that has ended, for it was terminated or idle too long, has said so, or closed its socket.
bool Connection::is_alive()
{
    if (PQstatus(handle_) != CONNECTION_OK || PQtransactionStatus(handle_) != PQTRANS_IDLE)
        return false;
    pollfd file{PQsocket(handle_), POLLIN, 0};
    if (poll(&file, 1, 0) == 0)
        return true;
    return PQconsumeInput(handle_) == 1 && PQstatus(handle_) == CONNECTION_OK && poll(&file, 1, 0) == 0;
}

void Connection::flush()
{
    for (;;) {
        int const left = PQflush(handle_);
        if (left == 0)
            return;
        if (left < 0)
            fail();
        (void)wait(handle_, For::both);
        if (PQconsumeInput(handle_) == 0)
            fail();
    }
}

void Connection::send(int sent)
{
    if (sent != 1)
        fail();
    flush();
}

PGresult *Connection::next_answer()
{
    while (PQisBusy(handle_) != 0) {
        (void)wait(handle_, For::reading);
        // what the source says before it closes is read by PQgetResult
        if (PQconsumeInput(handle_) == 0)
            break;
    }
    return PQgetResult(handle_);
}

namespace {

bool is_good(const PGresult *answer)
{
    ExecStatusType const status = PQresultStatus(answer);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

} // namespace

// Takes all answers, so that the connection can go on after an error.
Answer Connection::last_answer(const std::string &when)
{
    std::unique_ptr<PGresult, void (*)(PGresult *)> last(nullptr, PQclear);
    while (PGresult *const next = next_answer()) {
        if (last == nullptr || is_good(last.get()))
            last.reset(next);
        else
            PQclear(next); // what follows an error
        ExecStatusType const status = PQresultStatus(last.get());
        if (status == PGRES_COPY_OUT || status == PGRES_COPY_IN || PQstatus(handle_) == CONNECTION_BAD)
            break;
    }
    if (last == nullptr)
        fail();
    if (!is_good(last.get()))
        throw statement_error(source_, handle_, last.get(), when);
    return Answer(last.release());
}

Answer Connection::run(const std::string &statements, const std::string &when)
{
    send(PQsendQuery(handle_, encoded(statements).c_str()));
    return last_answer(when);
}

namespace {

// By the extended protocol, which takes one statement: text of a model that ends its statement is an error at the source.
int send_one(pg_conn *connection, const std::string &statement)
{
    return PQsendQueryParams(connection, encoded(statement).c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0);
}

} // namespace

Answer Connection::run_one(const std::string &statement, const std::string &when)
{
    send(send_one(handle_, statement));
    return last_answer(when);
}

Answer Connection::describe(const std::string &query, const std::string &when)
{
    send(PQsendPrepare(handle_, "", encoded(query).c_str(), 0, nullptr));
    (void)last_answer(when);
    send(PQsendDescribePrepared(handle_, ""));
    return last_answer(when);
}

void Connection::begin_copy(const std::string &statement, const std::string &when)
{
    send(send_one(handle_, statement));
    PGresult *const first = next_answer();
    Answer const answer(first);
    if (first == nullptr)
        fail();
    if (PQresultStatus(first) != PGRES_COPY_OUT)
        throw statement_error(source_, handle_, first, when);
}

Connection::Message Connection::next_message()
{
    Message message{nullptr, 0};
    for (bool looked = false;; looked = true) {
        message.size = PQgetCopyData(handle_, &message.bytes, 1);
        received_ += std::max(message.size, 0);
        if (message.size > 0 || message.size == -1)
            return message;
        if (message.size == -2)
            fail();
        // often there is more to read already
        if (looked)
            (void)wait(handle_, For::reading);
        if (PQconsumeInput(handle_) == 0)
            fail();
    }
}

std::int64_t Connection::end_copy(const std::string &when)
{
    Answer const answer = last_answer(when);
    const char *const counted = PQcmdTuples(answer.handle());
    std::int64_t rows = -1;
    (void)std::from_chars(counted, counted + std::strlen(counted), rows);
    return rows;
}

void free_message(char *bytes) noexcept
{
    PQfreemem(bytes);
}

} // namespace datasurface::remote
