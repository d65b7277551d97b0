package io.billingsdk.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicRuleTest {
  private static boolean allows(String filter, String topic) {
    return new TopicRule(filter, /* publish= */ true, /* subscribe= */ false)
        .allowsPublish(topic, "gateway-1");
  }

  @ParameterizedTest
  @CsvSource({
    "a/b,a/b",
    "a/+,a/b",
    "+/b,a/b",
    "a/#,a/b/c",
    "a/#,a/b",
    "#,a/b",
    "v2/%c/usage,v2/gateway-1/usage"
  })
  void allowsPublish_whatTheFilterMeans_isAllowed(String filter, String topic) {
    assertThat(allows(filter, topic)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "a/b,a",
    "a/b,a/b/c",
    "a/b,a/c",
    "a/+,a/b/c",
    "a/+,a",
    "+/b,b",
    "a/#,b/c",
    "v2/%c/usage,v2/gateway-2/usage",
    "a/b,A/b"
  })
  void allowsPublish_whatTheFilterDoesNotMean_isNot(String filter, String topic) {
    assertThat(allows(filter, topic)).isFalse();
  }

  @Test
  void allowsPublish_aRuleToSubscribe_allowsNone() {
    TopicRule rule = new TopicRule("a", /* publish= */ false, /* subscribe= */ true);
    assertThat(rule.allowsPublish("a", "x")).isFalse();
  }

  @Test
  void rule_thatAllowsNothing_isRefused() {
    assertThatThrownBy(() -> new TopicRule("a/b", /* publish= */ false, /* subscribe= */ false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a/b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "$share/g/a", "a+", "a/+b", "#/a", "a/#/b", "a#", "a/\0"})
  void filter_thatIsNone_isRefused(String filter) {
    assertThatThrownBy(() -> new TopicRule(filter, /* publish= */ true, /* subscribe= */ true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("filter must ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"+", "#", "a/b", "a+b", "a#"})
  void clientId_thatWouldMeanMoreTopics_isNotPlain(String clientId) {
    assertThat(TopicRule.isPlainClientId(clientId)).isFalse();
  }

  @Test
  void clientId_ofLettersAndDigits_isPlain() {
    assertThat(TopicRule.isPlainClientId("gateway-1_x")).isTrue();
  }

  @Test
  void namesClient_onlyWithTheMark() {
    assertThat(new TopicRule("v2/%c", true, false).namesClient()).isTrue();
    assertThat(new TopicRule("v2/c", true, false).namesClient()).isFalse();
  }
}
