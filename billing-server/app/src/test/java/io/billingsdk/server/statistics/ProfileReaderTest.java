package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.statistics.UsageProfile.Audience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileReaderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static final String QUIZ =
      """
      {"profile":"quiz","audience":"sessions","zone":"Asia/Kathmandu","currency":"EUR",
       "events":{"answer":{"measure":"points","fields":{
         "points":{"type":"number","required":true},
         "topic":{"type":"text","values":["art","law"]},
         "right":{"type":"flag","default":"false"}}}},
       "counters":{
         "answers":{"count":"answer"},
         "points":{"sum":"points","of":"answer","where":{"right":"true"}},
         "topics":{"count":"answer","by":"topic"}},
       "limits":[{"name":"answers_per_day","counter":"answers","per":"day","most":{"session":"10"}}],
       "prices":[{"name":"points","counter":"points","per":"100","price":"0.05"}],
       "figures":{"answers":"answers","mean":{"$average":"points","over":"answers","places":3},
         "topics":{"$breakdown":"topics"}}}
      """;

  static UsageProfile quiz() {
    return ProfileReader.read(tree(QUIZ));
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      throw new AssertionError(malformed);
    }
  }

  @Test
  void shipped_eachOfThem_isRead() {
    UsageProfile media = ProfileReader.shipped("media");
    assertThat(media.audience()).isEqualTo(Audience.SESSIONS);
    assertThat(media.events().keySet())
        .containsExactly(
            "ai_subtitle",
            "export",
            "file_upload",
            "project_create",
            "project_file",
            "project_time");
    UsageProfile audio = ProfileReader.shipped("audio");
    assertThat(audio.audience()).isEqualTo(Audience.USERS);
    assertThat(audio.limits())
        .extracting("name")
        .containsExactly("files_per_day", "storage_mb", "processing_minutes");
  }

  @Test
  void read_aProfileOfItsOwn_hasWhatTheFileSays() {
    UsageProfile quiz = quiz();
    assertThat(quiz.zone().getId()).isEqualTo("Asia/Kathmandu");
    assertThat(quiz.limits().get(0).daily()).isTrue();
    assertThat(quiz.prices().get(0).price()).isEqualByComparingTo("0.05");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /counters/answers | {"count":"anser"}                              | counters.answers.count
          /counters/answers | {"count":"answer","of":"x"}                    | counters.answers.of
          /counters/points  | {"sum":"topic","of":"answer"}                  | counters.points.sum
          /counters/points  | {"sum":"points","of":"answer","where":{"x":"1"}} | counters.points.where.x
          /counters/topics  | {"count":"answer","by":"points"}               | counters.topics.by
          /events/answer    | {"measure":"right","fields":{"right":{"type":"flag"}}} | events.answer.measure
          /events/answer    | {"fields":{"a":{"type":"money"}}}              | events.answer.fields.a.type
          /figures/answers  | "anwers"                                       | figures.answers
          /figures/answers  | {"$sum":"answers"}                             | figures.answers
          /figures/answers  | {"$counter":"topics"}                          | figures.answers.$counter
          /figures/topics   | {"$breakdown":"answers"}                       | figures.topics
          /audience         | "people"                                       | audience
          /zone             | "Mars/Olympus"                                 | zone
          /currency         | "euro"                                         | currency
          /profile          | "Quiz!"                                        | profile
          /more             | 1                                              | more
          /cards            | [{"name":"a","figures":["means"]}]             | cards[0].figures
          /cards            | [{"name":"a"}]                                 | cards[0].figures
          /cards            | [{"figures":["mean"]}]                         | cards[0].name
          /cards            | [{"name":"a","figures":["mean"],"x":1}]        | cards[0].x
          """)
  void read_whatDoesNotFit_isRefusedByItsPlace(String at, String value, String place) {
    ObjectNode file = (ObjectNode) tree(QUIZ);
    String parent = at.substring(0, at.lastIndexOf('/'));
    ObjectNode into = parent.isEmpty() ? file : (ObjectNode) file.at(parent);
    into.set(at.substring(at.lastIndexOf('/') + 1), tree(value));

    assertThatThrownBy(() -> ProfileReader.read(file))
        .isInstanceOf(ProfileException.class)
        .hasMessageStartingWith(place + " must be ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"name":"a","counter":"topics","most":{"session":"1"}}             | limits[0].counter
          {"name":"a","counter":"answers","most":{"user":"1"}}               | limits[0].most.user
          {"name":"a","counter":"answers","most":{"session":"-1"}}           | limits[0].most.session
          {"name":"a","counter":"answers","per":"week","most":{"session":"1"}} | limits[0].per
          {"name":"a","counter":"answers","unit":"0","most":{"session":"1"}} | limits[0].unit
          {"name":"a","counter":"answers"}                                   | limits[0].most
          """)
  void read_aLimitOfNothing_isRefusedByItsPlace(String limit, String place) {
    ObjectNode file = (ObjectNode) tree(QUIZ);
    file.putArray("limits").add(tree(limit));

    assertThatThrownBy(() -> ProfileReader.read(file))
        .isInstanceOf(ProfileException.class)
        .hasMessageStartingWith(place + " must be ");
  }
}
