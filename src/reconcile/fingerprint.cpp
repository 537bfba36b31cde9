#include "reconcile/fingerprint.hpp"

#include "pg/digest.hpp"

namespace datasurface::reconcile {

namespace {

// The length before each text keeps two lists of texts apart that are equal when they are joined.
void add(std::string &to, std::string_view text)
{
    to += std::to_string(text.size());
    to += ':';
    to += text;
}

} // namespace

std::string fingerprint(const std::string &object, const std::vector<change::Step> &steps)
{
    std::string text;
    add(text, object);
    for (const change::Step &step : steps) {
        if (step.statement.empty())
            continue;
        add(text, step.object);
        add(text, word(step.action));
        add(text, step.statement);
        add(text, word(step.cost));
    }
    return pg::sha256(text);
}

std::string fingerprint(const std::string &object, const Error &error)
{
    std::string text;
    add(text, object);
    add(text, error.sqlstate);
    add(text, error.message);
    return pg::sha256(text);
}

} // namespace datasurface::reconcile
