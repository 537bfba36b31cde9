#include "pg/own_statement.hpp"

namespace datasurface::pg {

namespace {

// Cuts out the line that quotes the statement; nullptr when nothing is left. The words around it may be translated.
char *without(char *context, const char *statement)
{
    char *const found = context == nullptr ? nullptr : strstr(context, statement);
    if (found == nullptr)
        return context;
    char *start = found;
    while (start > context && start[-1] != '\n')
        --start;
    const char *const line_end = strchr(found + strlen(statement), '\n');
    if (line_end != nullptr)
        memmove(start, line_end + 1, strlen(line_end + 1) + 1);
    else
        *(start > context ? start - 1 : start) = '\0';
    return *context == '\0' ? nullptr : context;
}

} // namespace

void raise_without(const std::string &statement)
{
    call([&] {
        // thrown away by the rollback that must follow
        MemoryContextSwitchTo(
            AllocSetContextCreate(CurTransactionContext, "datasurface own statement", ALLOCSET_SMALL_SIZES));
        ErrorData *const data = CopyErrorData();
        FlushErrorState();
        const char *const text = to_server(statement);
        data->context = without(data->context, text);
        if (data->internalquery != nullptr && strcmp(data->internalquery, text) == 0) {
            data->internalquery = nullptr;
            data->internalpos = 0;
        }
        ReThrowError(data);
    });
    throw Pending{}; // not reached
}

} // namespace datasurface::pg
