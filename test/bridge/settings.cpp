// A setting of ours, defined by another library: as that of another version does it, or otherwise.
#include <climits>

#include "pg/entry.hpp"

extern "C" {
#include "utils/guc.h"
}

namespace pg = datasurface::pg;

namespace {

int number = 1;
int word = 1;
char *text = nullptr;

constexpr config_enum_entry words[] = {{"auto", 0, false}, {"steam", 1, false}, {nullptr, 0, false}};

void define(const std::string &kind)
{
    if (kind == "another word")
        return DefineCustomEnumVariable("datasurface.merge_engine", "of the bridge", nullptr, &word, 1, words,
                                        PGC_USERSET, 0, nullptr, nullptr, nullptr);
    int const most = kind == "narrower" ? 8 : kind == "wider" ? INT_MAX : 64;
    GucContext const context = kind == "for superusers" ? PGC_SUSET : PGC_USERSET;
    if (kind == "text")
        DefineCustomStringVariable("datasurface.merge_workers", "of the bridge", nullptr, &text, "1", context, 0,
                                   nullptr, nullptr, nullptr);
    else
        DefineCustomIntVariable("datasurface.merge_workers", "of the bridge", nullptr, &number, 1, 0, most, context,
                                kind == "of kB" ? GUC_UNIT_KB : 0, nullptr, nullptr, nullptr);
}

} // namespace

DATASURFACE_FUNCTION(bridge_define_setting)
{
    std::string const kind = call.text(0, "kind");
    pg::call([&] { define(kind); });
    return call.returns(number);
}
