// Text that is no JSON, or JSON that hides something: each gives a problem, none an exception.

#include <chrono>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "model_problems.hpp"

namespace datasurface::model {

namespace {

// The message of the one problem, which must be of syntax.
std::string syntax_message(const std::string &text)
{
    Parsed const parsed = parse(text);
    EXPECT_EQ(lines(parsed.problems), Lines{"error  syntax"}) << text.substr(0, 100);
    EXPECT_TRUE(parsed.model.stores.empty());
    return parsed.problems.empty() ? "" : parsed.problems[0].message;
}

std::string nested(std::size_t depth)
{
    return R"({"a": )" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

} // namespace

TEST(ModelSyntax, EmptyTextIsAProblem)
{
    EXPECT_EQ(syntax_message(""), "line 1, column 1: the document is empty");
    EXPECT_EQ(syntax_message(" \n\t "), "line 1, column 1: the document is empty");
}

TEST(ModelSyntax, LineAndColumnPointAtTheStartOfTheToken)
{
    EXPECT_EQ(syntax_message("{\n  \"stores\": [],\n  \"a\" 17}"),
              "line 3, column 7: a number stands where a colon is expected");
    EXPECT_EQ(syntax_message("{\n\"a\": 1 \"b\\\"c\": 2}"),
              "line 2, column 8: a text stands where a comma or '}' is expected");
    EXPECT_EQ(syntax_message("[1 \"\"]"), "line 1, column 4: a text stands where a comma or ']' is expected");
    EXPECT_EQ(syntax_message("[\n1,\n]"), "line 3, column 1: a comma before a closing bracket");
}

TEST(ModelSyntax, ColumnsCountCharactersAndNotBytes)
{
    EXPECT_EQ(syntax_message("{\"größe\": ]}").substr(0, 19), "line 1, column 11: ");
}

TEST(ModelSyntax, TextThatEndsTooSoonPointsAtItsEnd)
{
    EXPECT_EQ(syntax_message("{\"a\": [1, 2"), "line 1, column 12: the document ends where a comma or ']' is expected");
    EXPECT_EQ(syntax_message("{\n").substr(0, 18), "line 2, column 1: ");
    EXPECT_NE(syntax_message("\"abc").find("ends within a text"), std::string::npos);
}

TEST(ModelSyntax, WhatFollowsTheDocumentIsAProblem)
{
    EXPECT_EQ(syntax_message("{} x").substr(0, 18), "line 1, column 4: ");
    EXPECT_EQ(syntax_message("{}{}").substr(0, 18), "line 1, column 3: ");
}

TEST(ModelSyntax, NoPhraseOfTheLibraryIsSaid)
{
    for (const char *text : {"{",           "[",    "{\"a\"", "{\"a\":",   "{\"a\":1", "{\"a\":1,", "[1",
                             "[1,",         "[}",   "{]",     "{\"a\" 1}", "{1}",      "[1:2]",     "[true false]",
                             "[null{]",     "\"",   "\"\n\"", "\"\t\"",    "\"\1\"",   "\"\\q\"",   "\"\\u12\"",
                             "\"\\ud800\"", "[-]",  "[1.]",   "[1e]",      "[1e+]",    "[1e999]",   "[nul]",
                             "[+1]",        "[00]", "[-01]",  "{} 1",      "{}]",      "\xEF",      "[\"\xFF\"]"}) {
        Problems const problems = parse(text).problems;
        ASSERT_EQ(problems.size(), 1u) << text;
        std::string const said = problems[0].message + " -> " + problems[0].hint;
        for (const char *phrase :
             {"literal", "syntax error", "unexpected", "invalid", "parsing", "input", "overflow", "U+", "ill-formed"})
            EXPECT_EQ(said.find(phrase), std::string::npos) << text << ": " << said;
        EXPECT_EQ(said.find("-> "), said.find(" -> ") + 1) << said;
        EXPECT_FALSE(problems[0].hint.empty()) << said;
    }
}

TEST(ModelSyntax, AWordIsPointedAtByItsFirstLetter)
{
    EXPECT_EQ(syntax_message("[nil]"), "line 1, column 2: JSON does not know this word");
    EXPECT_EQ(syntax_message("[1, nul]"), "line 1, column 5: a word without quotes");
}

TEST(ModelSyntax, NeitherCommentsNorOtherDialects)
{
    for (const char *text :
         {"// x\n{}", "{'a': 1}",  "{a: 1}", "[1,]", "[01]", "[+1]", "[.5]", "[NaN]", "[Infinity]", "[\"a\tb\"]",
          "[tru]",    "\"\\x41\"", "[1 2]",  "}",    "]",    ":",    ",",    "\\",    "-",          "1e"})
        EXPECT_NE(syntax_message(text), "") << text;
}

TEST(ModelSyntax, NumbersThatOverflowAreAProblem)
{
    EXPECT_EQ(syntax_message(R"({"stores": [1e999999]})"), "line 1, column 13: the number is too large");
    EXPECT_NE(syntax_message("-1e999999"), "");
}

TEST(ModelSyntax, LoneSurrogatesAreAProblem)
{
    for (const char *text :
         {R"(["\ud800"])", R"(["\udc00"])", R"(["\ud800\u0041"])", R"(["\ud83d\ud83d"])", R"(["\uD8"])"})
        EXPECT_NE(syntax_message(text), "") << text;
}

TEST(ModelSyntax, InvalidUtf8IsAProblemAndStaysOutOfTheMessage)
{
    for (std::string const bytes : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\x80"}) {
        std::string const message = syntax_message("[\"" + bytes + "\"]");
        EXPECT_EQ(message.find(bytes), std::string::npos);
        EXPECT_NE(message.find("not UTF-8"), std::string::npos) << message;
        EXPECT_EQ(syntax_message(bytes).find(bytes), std::string::npos);
    }
}

TEST(ModelSyntax, ANulByteDoesNotEndTheText)
{
    EXPECT_EQ(syntax_message(std::string("{}\0garbage", 10)), "line 1, column 3: a NUL byte");
}

TEST(ModelSyntax, AByteOrderMarkIsNotCounted)
{
    EXPECT_EQ(lines(parse("\xEF\xBB\xBF{\"stores\": []}").problems), Lines{});
}

TEST(ModelSyntax, SixtyFourLevelsAreAllowed)
{
    EXPECT_EQ(lines(parse(nested(63)).problems), (Lines{"error /a unknown_member", "error  missing_member"}));
    EXPECT_EQ(syntax_message(nested(64)), "line 1, column 70: more than 64 levels deep");
}

TEST(ModelSyntax, ExtremeDepthNeitherThrowsNorOverflowsTheStack)
{
    EXPECT_EQ(syntax_message(std::string(100'000, '[')), "line 1, column 65: more than 64 levels deep");
    std::string objects;
    for (int i = 0; i < 100'000; ++i)
        objects += R"({"]}\"": )";
    EXPECT_NE(syntax_message(objects).find("more than 64 levels deep"), std::string::npos);
}

TEST(ModelSyntax, BracketsInStringsAreNotDepth)
{
    EXPECT_EQ(syntax_message(R"({"[[[[\"[[": )" + std::string(64, '[')), "line 1, column 77: more than 64 levels deep");
}

TEST(ModelSyntax, ClosedBracketsAreNotDepth)
{
    EXPECT_EQ(syntax_message("[[[]],{}," + std::string(64, '[')), "line 1, column 73: more than 64 levels deep");
}

TEST(ModelSyntax, ADocumentHasABound)
{
    std::string const text(std::size_t{256} << 20, '[');
    EXPECT_EQ(lines(parse(text).problems), Lines{"error  syntax"});
    EXPECT_EQ(lines(parse(text + "[").problems), Lines{"error  document_too_large"});
}

TEST(ModelTree, DuplicateMembersAreReportedAnywhereWithTheirPointer)
{
    EXPECT_EQ(lines(parse(R"({"stores": [], "workspaces": [], "stores": []})").problems),
              Lines{"error /stores duplicate_member"});
    EXPECT_EQ(lines(parse(R"({"stores": [], "x/~": [0, {"a": {}, "b": 1, "a": 2}]})").problems),
              (Lines{"error /x~1~0 unknown_member", "error /x~1~0/1/a duplicate_member"}));
}

TEST(ModelTree, TheSameMemberWrittenWithEscapesIsADuplicate)
{
    EXPECT_EQ(lines(parse(R"({"stores": [], "\u0073tores": []})").problems), Lines{"error /stores duplicate_member"});
}

TEST(ModelTree, NulCharactersAreReportedInValuesAndNames)
{
    std::string const text = document_json(store_json("a\\u0000b", ""));
    EXPECT_EQ(lines(parse(text).problems),
              (Lines{"error /stores/0/name nul_character", "warning /stores/0/datasets no_datasets"}));
    Parsed const parsed = parse(R"({"stores": [], "a\u0000": 1})");
    EXPECT_EQ(lines(parsed.problems), (Lines{"error /a\uFFFD nul_character", "error /a\uFFFD unknown_member"}));
}

TEST(ModelTree, NoProblemEverHoldsANulByte)
{
    for (const Problem &problem :
         all_problems(R"({"stores": [{"name": "\u0000#", "\u0000": "\u0000"}], "\u0000": 1})")) {
        EXPECT_EQ((problem.pointer + problem.message + problem.hint).find('\0'), std::string::npos);
    }
}

TEST(ModelTree, WhatIsNoObjectIsAProblem)
{
    for (const char *text : {"null", "true", "1", "\"stores\"", "[]", "1.5", "-3"})
        EXPECT_EQ(lines(parse(text).problems), Lines{"error  wrong_type"}) << text;
}

TEST(ModelTree, ADocumentWithoutStoresIsAProblem)
{
    EXPECT_EQ(lines(parse("{}").problems), Lines{"error  missing_member"});
    EXPECT_EQ(lines(parse(R"({"stores": []})").problems), Lines{});
}

TEST(ModelTree, ProblemsAreBoundedAndReadingEndsWithThem)
{
    std::string stores = "1";
    for (int i = 0; i < 30'000; ++i)
        stores += ",1";
    Parsed const parsed = parse(document_json(stores));
    ASSERT_EQ(parsed.problems.size(), 10'001u);
    EXPECT_EQ(parsed.problems.back().code, "too_many_problems");
    EXPECT_EQ(parsed.model.stores.size(), 10'000u); // the others are not even read
}

TEST(ModelTree, ManyWarningsDoNotHideAnError)
{
    std::string stores;
    for (int i = 0; i < 10'050; ++i)
        stores += R"({"name": "s)" + std::to_string(i) + R"(", "datasets": []},)";
    Problems const problems = parse(document_json(stores + "1")).problems;
    EXPECT_TRUE(has_errors(problems));
    EXPECT_EQ(problems.back().severity, Severity::warning);
    EXPECT_EQ(problems.back().code, "too_many_problems");
}

TEST(ModelTree, LongHostileNamesAreCutInMessages)
{
    std::string const name(1'000'000, 'x');
    for (const Problem &problem : all_problems(document_json(store_json(name, ""))))
        EXPECT_LT(problem.message.size() + problem.hint.size(), 500u);
}

TEST(ModelTree, LongPointersAreCutAndSaySo)
{
    auto const pointer = [](const std::string &name) {
        return all_problems(R"({"stores": [], ")" + name + R"(": 1})").at(0).pointer;
    };
    EXPECT_EQ(pointer(std::string(999, 'x')), "/" + std::string(999, 'x'));
    EXPECT_EQ(pointer(std::string(1000, 'x')), "/" + std::string(989, 'x') + " ... (cut)");
    EXPECT_EQ(pointer("xx" + std::string(600, '~')).size(), 1000u); // each takes two bytes
    std::string euros;
    for (int i = 0; i < 400; ++i)
        euros += "€";
    EXPECT_EQ(pointer(euros), "/" + euros.substr(0, 987) + " ... (cut)"); // 329 * 3 bytes
}

TEST(ModelTree, NothingIsAddedBehindAPointerThatIsCut)
{
    Problems const problems =
        all_problems(R"({"stores": [], ")" + std::string(5000, 'x') + R"(": {"a": {"b": "\u0000"}}})");
    ASSERT_EQ(problems.size(), 2u);
    EXPECT_EQ(problems[1].code, "nul_character");
    EXPECT_EQ(problems[1].pointer, problems[0].pointer);
}

// The start of the text is looked for behind it; counting the backslashes anew at each place took half a minute.
TEST(ModelTree, TheStartOfALongTextIsFoundInNoTime)
{
    auto const begin = std::chrono::steady_clock::now();
    std::string const backslashes(2'000'000, '\\');
    EXPECT_EQ(syntax_message("{} \"" + backslashes + "\"").substr(0, 18), "line 1, column 4: ");
    EXPECT_EQ(syntax_message("{} \"a\\\"" + backslashes + "\\\"b\"").substr(0, 18), "line 1, column 4: ");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

// A deep and long place of ever new problems: with the whole of it built for each, this took more than a minute.
TEST(ModelTree, ManyProblemsAtALongPlaceTakeNoTime)
{
    std::string document = R"({"stores": )";
    for (int level = 0; level < 25; ++level)
        document += "[{\"" + std::string(9000, 'x') + "\":";
    document += "[";
    for (int i = 0; i < 40'000; ++i)
        document += R"("\u0000",)";
    document += "1]";
    for (int level = 0; level < 25; ++level)
        document += "}]";
    auto const begin = std::chrono::steady_clock::now();
    Problems const problems = parse(document + "}").problems;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
    EXPECT_EQ(problems.size(), 10'002u); // one is a warning: the store has no description
    for (const Problem &problem : problems)
        ASSERT_LE(problem.pointer.size(), 1000u);
}

TEST(ModelTree, CharactersAreNotCutInMessages)
{
    std::string name = "x";
    for (int i = 0; i < 200; ++i)
        name += "€";
    Problems const problems = all_problems(R"({"stores": [], ")" + name + R"(": 1})");
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].message, "a model has no member \"" + name.substr(0, 100) + "...\""); // 1 + 33 * 3 bytes
    Problems const shifted = all_problems(R"({"stores": [], "x)" + name + R"(": 1})");
    EXPECT_EQ(shifted.at(0).message, "a model has no member \"x" + name.substr(0, 97) + "...\"");
}

// Whatever is done to a document, parse and lint answer.
TEST(ModelTree, BrokenDocumentsNeverThrow)
{
    std::string const good =
        document_json(store_json("s", dataset_json("d", id_column, R"("id")",
                                                   R"("fillfactor": 90, "milestoning": "live",)")),
                      R"({"name": "w", "groups": [{"name": "g", "sinks": [{"store": "s", "dataset": "d"}]}]})");
    std::mt19937 random(4711);
    std::string const bytes = "{}[]\",:\\0x\xff\xc3u1e-. \n";
    for (int round = 0; round < 20'000; ++round) {
        std::string text = good;
        for (std::size_t change = 0; change <= random() % 3; ++change) {
            std::size_t const at = random() % text.size();
            switch (random() % 3) {
            case 0:
                text[at] = bytes[random() % bytes.size()];
                break;
            case 1:
                text.erase(at, 1 + random() % 20);
                break;
            default:
                text.insert(at, text.substr(random() % text.size(), random() % 40));
            }
            if (text.empty())
                text = "0";
        }
        EXPECT_NO_THROW(all_problems(text)) << text;
    }
}

} // namespace datasurface::model
