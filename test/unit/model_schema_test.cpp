// The JSON Schema in docs/ and the reader say the same: every object of the schema's examples is changed, one member at
// a time, in each way that the schema forbids or allows, and the reader must agree.

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model_problems.hpp"

namespace datasurface::model {

namespace {

using Json = nlohmann::json;
using JsonPointer = Json::json_pointer;

Json load_schema()
{
    std::ifstream file("docs/model.schema.json");
    EXPECT_TRUE(file) << "run from the root of the repository";
    return Json::parse(file);
}

// A place in an example, with the part of the schema that describes it.
struct PlaceInExample {
    JsonPointer at;
    Json rules; // $ref and allOf are merged in
    Json value;
};

class ModelSchema : public ::testing::Test {
protected:
    ModelSchema() : schema(load_schema())
    {
        for (const Json &example : schema.at("examples"))
            documents.push_back(example);
    }

    // Every place of every example: visit(document, place).
    template <typename Visit>
    void each_place(Visit visit)
    {
        for (const Json &document : documents) {
            std::vector<PlaceInExample> places;
            collect({JsonPointer(), merged(schema, document), document}, places);
            for (const PlaceInExample &place : places)
                visit(document, place);
        }
    }

    // The rules for a value, with what they refer to, and of several kinds the one that the value is of.
    Json merged(Json rules, const Json &value) const
    {
        Json all = Json::object();
        if (rules.contains("$ref"))
            all.update(merged(schema.at(JsonPointer(rules.at("$ref").get<std::string>().substr(1))), value));
        for (const Json &part : rules.value("allOf", Json::array()))
            all.update(merged(part, value));
        for (const Json &kind : rules.value("oneOf", Json::array())) {
            Json const candidate = merged(kind, value);
            if (is_of(candidate, value))
                all.update(candidate);
        }
        all.update(rules);
        for (const Json &part : rules.value("allOf", Json::array()))
            if (part.contains("if"))
                for (const Json &name : part.value(holds(part.at("if"), value) ? "then" : "else", Json::object())
                                            .value("required", Json::array()))
                    all["required"].push_back(name);
        return all;
    }

    // Of a condition on words.
    static bool holds(const Json &condition, const Json &value)
    {
        for (const auto &[name, rules] : condition.at("properties").items()) {
            Json const words = rules.value("enum", Json::array({rules.value("const", Json())}));
            if (!value.is_object() || std::find(words.begin(), words.end(), value.value(name, Json())) == words.end())
                return false;
        }
        return true;
    }

    // Kinds of an object differ in their member "kind", and in what they require; otherwise an object and one word, or a text, are to
    // choose from.
    static bool is_of(const Json &kind, const Json &value)
    {
        if (kind.contains("const"))
            return kind.at("const") == value;
        if (!kind.contains("properties"))
            return value.is_string();
        if (!value.is_object() || !kind.at("properties").contains("kind"))
            return value.is_object();
        for (const Json &required : kind.at("required"))
            if (!value.contains(required.get<std::string>()))
                return false;
        return kind.at("properties").at("kind").at("const") == value.at("kind");
    }

    // The types that a place may have; a text of words is told as a word.
    std::set<std::string> types_of(const Json &rules) const
    {
        if (rules.contains("oneOf")) {
            std::set<std::string> types;
            for (const Json &kind : rules.at("oneOf")) {
                Json const all = merged(kind, {});
                if (!all.contains("const"))
                    types.insert(all.at("type").get<std::string>());
            }
            return types;
        }
        bool const is_word = rules.contains("enum") || rules.contains("const");
        Json const type = is_word ? Json("string") : rules.at("type");
        return type.is_array() ? type.get<std::set<std::string>>() : std::set{type.get<std::string>()};
    }

    std::set<std::string> codes(const Json &document, const JsonPointer &at) const
    {
        std::set<std::string> found;
        for (const Problem &problem : all_problems(document.dump())) {
            if (problem.pointer == at.to_string())
                found.insert(problem.code);
        }
        return found;
    }

    static bool has_error(const Json &document) { return has_errors(all_problems(document.dump())); }

    static Json changed(Json document, const JsonPointer &at, const Json &value)
    {
        document[at] = value;
        return document;
    }

    Json schema;
    std::vector<Json> documents;

private:
    void collect(const PlaceInExample &place, std::vector<PlaceInExample> &places) const
    {
        places.push_back(place);
        if (place.value.is_object()) {
            for (const auto &[name, value] : place.value.items()) {
                ASSERT_TRUE(place.rules.at("properties").contains(name)) << place.at << " " << name;
                collect({place.at / name, merged(place.rules.at("properties").at(name), value), value}, places);
            }
        }
        for (std::size_t i = 0; place.value.is_array() && i < place.value.size(); ++i)
            collect({place.at / i, merged(place.rules.at("items"), place.value[i]), place.value[i]}, places);
    }
};

std::string words(const Json &names)
{
    std::string text;
    for (const Json &name : names)
        text += (text.empty() ? "" : ", ") + name.get<std::string>();
    return text;
}

} // namespace

TEST_F(ModelSchema, ExamplesHaveNoProblems)
{
    for (const Json &document : documents)
        EXPECT_EQ(all_lines(document.dump()), Lines{});
}

TEST_F(ModelSchema, ExamplesShowEveryDefinitionAndEveryMember)
{
    std::set<std::string> shown;
    each_place([&](const Json &, const PlaceInExample &place) {
        if (!place.value.is_object())
            return;
        for (const auto &[name, unused] : place.value.items())
            shown.insert(place.rules.at("properties").dump() + name);
    });
    std::set<std::string> described;
    auto const describe = [&](const Json &object) {
        for (const auto &[name, unused] : object.at("properties").items())
            described.insert(object.at("properties").dump() + name);
    };
    describe(schema);
    for (const Json &definition : schema.at("$defs")) {
        if (definition.contains("properties"))
            describe(definition);
    }
    EXPECT_EQ(shown, described);
}

TEST_F(ModelSchema, EverythingIsDescribed)
{
    each_place([&](const Json &, const PlaceInExample &place) {
        if (place.value.is_object()) {
            EXPECT_EQ(place.rules.at("additionalProperties"), false) << place.at;
        }
        if (place.at.empty() || place.at.back() != "kind") {
            EXPECT_TRUE(place.rules.contains("description")) << place.at;
        }
    });
}

TEST_F(ModelSchema, ExactlyTheRequiredMembersAreMissed)
{
    each_place([&](const Json &document, const PlaceInExample &place) {
        if (!place.value.is_object())
            return;
        Json const required = place.rules.value("required", Json::array());
        for (const auto &[name, unused] : place.value.items()) {
            Json less = document;
            less[place.at].erase(name);
            bool const is_required = std::find(required.begin(), required.end(), name) != required.end();
            EXPECT_EQ(codes(less, place.at).contains("missing_member"), is_required) << place.at << " " << name;
        }
    });
}

TEST_F(ModelSchema, UnknownMembersAreRefusedAndTheKnownOnesAreTheSchemas)
{
    each_place([&](const Json &document, const PlaceInExample &place) {
        if (!place.value.is_object())
            return;
        JsonPointer const at = place.at / "qqqqqqqq";
        Json const more = changed(document, at, 1);
        std::set<std::string> known;
        for (const Problem &problem : all_problems(more.dump())) {
            if (problem.pointer != at.to_string())
                continue;
            EXPECT_EQ(problem.code, "unknown_member");
            std::istringstream hint(problem.hint.substr(std::string("Known members: ").size()));
            for (std::string name; hint >> name;)
                known.insert(name.substr(0, name.size() - 1)); // its comma or full stop
        }
        std::set<std::string> described;
        for (const auto &[name, unused] : place.rules.at("properties").items())
            described.insert(name);
        // one reader for all kinds; what is none of its kind's is refused
        for (const std::string &name : known) {
            if (described.contains("kind") && described.insert(name).second) {
                EXPECT_TRUE(has_error(changed(document, place.at / name, "exact"))) << place.at << " " << name;
            }
        }
        EXPECT_EQ(known, described) << place.at;
    });
}

TEST_F(ModelSchema, AQueryIsRefusedWhereItsKindHasNone)
{
    each_place([&](const Json &document, const PlaceInExample &place) {
        if (place.value.is_object() && place.value.value("kind", "") == "push") {
            EXPECT_TRUE(has_error(changed(document, place.at / "query", "SELECT 1")));
        }
    });
}

TEST_F(ModelSchema, OtherTypesAreRefused)
{
    std::vector<std::pair<std::string, Json>> const samples = {
        {"string", "x"}, {"boolean", true},  {"integer", 50},          {"number", 0.5},
        {"null", {}},    {"array", {1, {}}}, {"object", {{"x", "y"}}},
    };
    each_place([&](const Json &document, const PlaceInExample &place) {
        std::set<std::string> allowed = types_of(place.rules);
        if (allowed.contains("number"))
            allowed.insert("integer");
        for (const auto &[other, sample] : samples) {
            if (!allowed.contains(other)) {
                EXPECT_EQ(codes(changed(document, place.at, sample), place.at).count("wrong_type"), 1u)
                    << place.at << " " << other;
            }
        }
    });
}

TEST_F(ModelSchema, WordsAreTheSchemas)
{
    each_place([&](const Json &document, const PlaceInExample &place) {
        Json const known = place.rules.value("enum", Json::array());
        if (known.empty())
            return;
        for (const Json &word : known)
            EXPECT_EQ(codes(changed(document, place.at, word), place.at), std::set<std::string>{}) << word;
        std::set<std::string> listed;
        for (const Problem &problem : all_problems(changed(document, place.at, "qq").dump())) {
            EXPECT_EQ(problem.code, "unknown_word");
            // "member" must be "one", "two" or "three", not "qq"
            std::string const listing = problem.message.substr(0, problem.message.find(", not "));
            std::regex const quoted("\"([A-Za-z0-9_.-]+)\"");
            for (std::sregex_iterator one(listing.begin(), listing.end(), quoted), end; one != end; ++one)
                if (one->position() > 0)
                    listed.insert((*one)[1]);
        }
        EXPECT_EQ(listed, known.get<std::set<std::string>>()) << place.at << words(known);
    });
}

TEST_F(ModelSchema, DefaultsAreTheReaders)
{
    each_place([&](const Json &document, const PlaceInExample &place) {
        if (!place.rules.contains("default"))
            return;
        Json less = document;
        less[place.at.parent_pointer()].erase(place.at.back());
        Json const said = changed(document, place.at, place.rules.at("default"));
        // columns of the key are the exception that the description tells
        if (place.at.back() == "nullable" && place.value == false)
            return;
        Parsed const one = parse(less.dump());
        Parsed const other = parse(said.dump());
        ASSERT_EQ(one.model.stores.size(), other.model.stores.size());
        for (std::size_t i = 0; i < one.model.stores.size(); ++i)
            EXPECT_EQ(to_json(one.model.stores[i]), to_json(other.model.stores[i])) << place.at;
        ASSERT_EQ(one.model.workspaces.size(), other.model.workspaces.size());
    });
}

TEST_F(ModelSchema, NumbersHaveTheSchemasRange)
{
    each_place([&](const Json &document, const PlaceInExample &place) {
        if (!place.rules.contains("minimum"))
            return;
        std::int64_t const least = place.rules.at("minimum");
        std::int64_t const most = place.rules.at("maximum");
        EXPECT_FALSE(has_error(changed(document, place.at, least))) << place.at;
        EXPECT_FALSE(has_error(changed(document, place.at, most))) << place.at;
        EXPECT_TRUE(has_error(changed(document, place.at, least - 1))) << place.at;
        EXPECT_TRUE(has_error(changed(document, place.at, most + 1))) << place.at;
    });
}

TEST_F(ModelSchema, FractionsHaveTheSchemasRange)
{
    each_place([&](const Json &document, const PlaceInExample &place) {
        if (!place.rules.contains("exclusiveMinimum"))
            return;
        double const least = place.rules.at("exclusiveMinimum");
        bool const is_less = place.rules.contains("exclusiveMaximum");
        double const most = place.rules.at(is_less ? "exclusiveMaximum" : "maximum");
        EXPECT_FALSE(has_error(changed(document, place.at, least + 0.001))) << place.at;
        EXPECT_FALSE(has_error(changed(document, place.at, most - 0.001))) << place.at;
        EXPECT_EQ(has_error(changed(document, place.at, most)), is_less) << place.at;
        EXPECT_TRUE(has_error(changed(document, place.at, least))) << place.at;
        EXPECT_TRUE(has_error(changed(document, place.at, most + 0.001))) << place.at;
    });
}

TEST_F(ModelSchema, TextsHaveTheSchemasLength)
{
    auto const is_about_length = [](const std::string &code) {
        return code == "name_too_long" || code == "text_too_long";
    };
    each_place([&](const Json &document, const PlaceInExample &place) {
        if (!place.rules.contains("maxLength") || place.value.empty())
            return;
        // references have the length of what they refer to; a store's or workspace's name is its schema too
        std::string const member = place.at.back();
        std::string const path = place.at.to_string();
        bool const is_reference =
            (path.find("/sinks/") != std::string::npos || path.find("/references/") != std::string::npos) &&
            member != "name";
        if (is_reference || place.at.parent_pointer().back() == "primary_key")
            return;
        std::size_t const most = place.rules.at("maxLength");
        for (std::size_t const length : {most, most + 1}) {
            Json document_with = changed(document, place.at, std::string(length, 'x'));
            Json &parent = document_with[place.at.parent_pointer()];
            if (parent.contains("datasets") || parent.contains("groups"))
                parent.emplace("schema", "s");
            std::set<std::string> const found = codes(document_with, place.at);
            EXPECT_EQ(std::any_of(found.begin(), found.end(), is_about_length), length > most) << place.at;
        }
    });
}

TEST_F(ModelSchema, BlankTextsAreRefusedWhereTheSchemaSays)
{
    each_place([&](const Json &document, const PlaceInExample &place) {
        if (!place.value.is_string() || place.rules.contains("enum") || place.rules.contains("const"))
            return;
        for (const char *blank : {"", " "})
            EXPECT_EQ(has_error(changed(document, place.at, blank)), place.rules.contains("pattern")) << place.at;
    });
}

TEST_F(ModelSchema, NothingIsListedTwiceWhereTheSchemaSays)
{
    each_place([&](const Json &document, const PlaceInExample &place) {
        if (!place.rules.value("uniqueItems", false))
            return;
        Json twice = place.value;
        twice.push_back(twice.at(0));
        EXPECT_TRUE(has_error(changed(document, place.at, twice))) << place.at;
    });
}

TEST_F(ModelSchema, ListsMayBeEmptyWhereTheSchemaSays)
{
    each_place([&](const Json &document, const PlaceInExample &place) {
        if (!place.value.is_array())
            return;
        std::set<std::string> const found = codes(changed(document, place.at, Json::array()), place.at);
        bool const refused = found.contains("no_columns") || found.contains("no_primary_key");
        EXPECT_EQ(refused, place.rules.value("minItems", 0) > 0) << place.at;
    });
}

} // namespace datasurface::model
