package io.billingsdk.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.broker.TopicRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TopicRightsTest {
  private static List<String> filters(Stream<TopicRule> rules) {
    return rules.map(TopicRule::filter).sorted().toList();
  }

  @Test
  void instance_ofV2_mayPublishUnderItsOwnNameAlone() {
    assertThat(
            filters(
                TopicRights.ofInstances("p").stream()
                    .filter(TopicRule::publish)
                    .filter(rule -> rule.filter().startsWith("p/v2/"))))
        .containsExactly("p/v2/%c/hello", "p/v2/%c/lease-requests", "p/v2/%c/usage");
  }

  @Test
  void instance_mayNotHearWhatOthersReport_norSayWhatTheServerSays() {
    for (TopicRule rule : TopicRights.ofInstances("p")) {
      assertThat(rule.publish() && rule.subscribe()).as(rule.filter()).isFalse();
      if (rule.subscribe()) {
        assertThat(rule.filter()).doesNotContain("usage", "hello", "report", "heartbeat", "+", "#");
      } else {
        assertThat(rule.filter()).doesNotContain("receipts", "collector", "update", "v2/keys");
      }
    }
  }

  @Test
  void instance_ofV1_hasNoTopicOfV2() {
    assertThat(filters(TopicRights.ofV1Instances("p").stream()))
        .containsExactly("p/heartbeat", "p/keys/request", "p/keys/update", "p/report");
  }

  @Test
  void server_isTheOtherEndOfEachTopic() {
    List<TopicRule> server = TopicRights.ofServer("p");
    for (TopicRule rule : TopicRights.ofInstances("p")) {
      String filter = rule.filter().replace("%c", "+");
      assertThat(server)
          .as(filter)
          .anySatisfy(
              other -> {
                assertThat(other.filter()).isEqualTo(filter);
                assertThat(rule.publish() ? other.subscribe() : other.publish()).isTrue();
              });
    }
  }
}
