#include "pg/select.hpp"

#include <string_view>

#include "pg/boundary.hpp"
#include "pg/savepoint.hpp"
#include "pg/select_raising.hpp"
#include "shape/condition.hpp"

namespace datasurface::pg {

namespace {

void note_position(void *position)
{
    *static_cast<int *>(position) = geterrposition();
}

} // namespace

SelectCheck check_select(const std::string &text)
{
    Verdict verdict{};
    std::string stripped;
    int position = 0; // of what the parser raises
    std::optional<Error> const failure = savepoint([&] {
        verdict = call([&] {
            ErrorContextCallback callback{error_context_stack, note_position, &position};
            error_context_stack = &callback;
            Verdict const result = judge(to_server(text));
            error_context_stack = callback.previous;
            return Verdict{result.problem, result.text == nullptr ? nullptr : to_utf8(result.text)};
        });
        stripped = verdict.text == nullptr ? "" : verdict.text;
    });
    if (failure)
        return {false, failure->message, position, {}};
    return {true, verdict.problem == nullptr ? "" : verdict.problem, 0, stripped};
}

// Alone behind SELECT it is one statement, and in parentheses it ends where it ends: then it can be embedded.
std::optional<ConditionFault> check_condition(const std::string &text)
{
    constexpr std::string_view select = "SELECT ", parenthesis = "(";
    SelectCheck const alone = check_select(std::string(select) + text);
    if (!alone.problem.empty())
        return ConditionFault{alone.problem, alone.position - static_cast<int>(select.size())};
    SelectCheck const embedded = check_select(std::string(select) + shape::condition_sql(text));
    if (!embedded.problem.empty())
        return ConditionFault{embedded.problem,
                              embedded.position - static_cast<int>(select.size() + parenthesis.size())};
    return std::nullopt;
}

} // namespace datasurface::pg
