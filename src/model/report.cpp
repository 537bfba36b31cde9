#include "model/report.hpp"

#include <utility>

#include "base/text.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t most_listed = 10'000;
constexpr std::size_t most_bytes = 16 << 20;
constexpr std::size_t longest_pointer = 1000; // bytes

} // namespace

Pointer &Pointer::operator/=(std::string_view member)
{
    if (cut_off)
        return *this;
    path += '/';
    for (char const c : member.substr(0, longest_pointer)) {
        if (c == '~')
            path += "~0";
        else if (c == '/')
            path += "~1";
        else
            path += c;
    }
    cut_off = path.size() > longest_pointer;
    path = cut(path, longest_pointer);
    return *this;
}

void Report::error(const Pointer &at, std::string_view code, std::string message, std::string hint)
{
    add({Severity::error, at.text(), std::string(code), std::move(message), std::move(hint)});
}

void Report::warning(const Pointer &at, std::string_view code, std::string message, std::string hint)
{
    add({Severity::warning, at.text(), std::string(code), std::move(message), std::move(hint)});
}

bool Report::Tally::full() const
{
    return count >= most_listed || bytes >= most_bytes;
}

std::string Report::perhaps(std::string_view written, const std::vector<std::string_view> &candidates)
{
    std::string_view const meant = still_hints() ? nearest(written, candidates) : std::string_view();
    ++hinted;
    return meant.empty() ? std::string() : "Perhaps " + shown(meant) + " is meant.";
}

void Report::add(Problem problem)
{
    Tally &tally = problem.severity == Severity::error ? errors : warnings;
    if (tally.full())
        return;
    ++tally.count;
    tally.bytes += problem.pointer.size() + problem.message.size() + problem.hint.size();
    problems.push_back(std::move(problem));
}

void Report::add_end(const Tally &tally, Severity severity)
{
    if (!tally.full())
        return;
    std::string const message =
        "only the first " + std::to_string(tally.count) + " " + std::string(word(severity)) + "s are listed";
    problems.push_back({severity, {}, "too_many_problems", message, "Correct these first."});
}

void report_replaced_push(const Pointer &when_held, Report &report)
{
    report.error(when_held, "contradicting_when_held", "a push that is held waits: no run can pull its rows anew",
                 "Leave it out, or write \"wait\".");
}

Problems Report::take()
{
    add_end(errors, Severity::error);
    add_end(warnings, Severity::warning);
    return std::exchange(problems, {});
}

} // namespace datasurface::model
