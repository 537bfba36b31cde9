#include "pg/select.hpp"

#include "pg/boundary.hpp"
#include "pg/savepoint.hpp"
#include "pg/select_raising.hpp"

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

} // namespace datasurface::pg
