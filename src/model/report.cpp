#include "model/report.hpp"

#include <utility>

#include "model/text.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t most_told = 10'000;
constexpr std::size_t most_bytes = 16 << 20;

} // namespace

Pointer Pointer::operator/(std::string_view member) const
{
    Pointer inner = *this;
    inner.path += '/';
    for (char const c : member) {
        if (c == '~')
            inner.path += "~0";
        else if (c == '/')
            inner.path += "~1";
        else
            inner.path += c;
    }
    return inner;
}

Pointer Pointer::operator/(std::size_t index) const
{
    return *this / std::string_view(std::to_string(index));
}

void Report::error(const Pointer &at, std::string_view code, std::string message, std::string hint)
{
    add(errors, {Severity::error, at.text(), std::string(code), std::move(message), std::move(hint)});
}

void Report::warning(const Pointer &at, std::string_view code, std::string message, std::string hint)
{
    add(warnings, {Severity::warning, at.text(), std::string(code), std::move(message), std::move(hint)});
}

bool Report::full() const
{
    return errors.told >= most_told || errors.bytes >= most_bytes;
}

std::string Report::perhaps(std::string_view written, const std::vector<std::string_view> &candidates) const
{
    std::string_view const meant = still_hints() ? nearest(written, candidates) : std::string_view();
    return meant.empty() ? std::string() : "Perhaps " + shown(meant) + " is meant.";
}

void Report::add(Tally &tally, Problem problem)
{
    if (tally.told >= most_told || tally.bytes >= most_bytes) {
        ++tally.left_out;
        return;
    }
    ++tally.told;
    tally.bytes += problem.pointer.size() + problem.message.size() + problem.hint.size();
    problems.push_back(std::move(problem));
}

void Report::add_left_out(const Tally &tally, Severity severity)
{
    if (tally.left_out == 0)
        return;
    std::string const message =
        "at least " + std::to_string(tally.left_out) + " more " + std::string(word(severity)) + "(s) are not listed";
    problems.push_back({severity, {}, "too_many_problems", message, "Mend the listed ones first."});
}

Problems Report::take()
{
    add_left_out(errors, Severity::error);
    add_left_out(warnings, Severity::warning);
    return std::exchange(problems, {});
}

} // namespace datasurface::model
