package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission.MqttActivity;
import com.hivemq.extension.sdk.api.services.builder.Builders;

/**
 * One thing that a user of an {@link EmbeddedBroker} may do. What no rule allows is refused.
 *
 * @param filter the topics, with MQTT wildcards; {@code %c} stands for the client id. A shared
 *     subscription is allowed when its filter without the {@code $share/group/} is
 * @param publish whether the user may publish to these topics
 * @param subscribe whether the user may subscribe to these topics
 */
public record TopicRule(String filter, boolean publish, boolean subscribe) {

  private static final String CLIENT_ID = "%c";

  public TopicRule {
    requireFilter(filter);
    if (!publish && !subscribe) {
      throw new IllegalArgumentException(
          "publish and subscribe must not both be false: a rule allows something (filter "
              + filter
              + ")");
    }
  }

  boolean namesClient() {
    return filter.contains(CLIENT_ID);
  }

  /** Whether {@code clientId} can stand in a filter without meaning other clients' topics. */
  static boolean isPlainClientId(String clientId) {
    return clientId.chars().noneMatch(c -> c == '+' || c == '#' || c == '/');
  }

  TopicPermission permission(String clientId) {
    MqttActivity activity =
        publish && subscribe
            ? MqttActivity.ALL
            : publish ? MqttActivity.PUBLISH : MqttActivity.SUBSCRIBE;
    return Builders.topicPermission()
        .topicFilter(filter.replace(CLIENT_ID, clientId))
        .type(TopicPermission.PermissionType.ALLOW)
        .activity(activity)
        .build();
  }

  /** Whether a client may publish to a topic by this rule. */
  boolean allowsPublish(String topic, String clientId) {
    if (!publish) {
      return false;
    }
    String[] levels = topic.split("/", -1);
    String[] wanted = filter.replace(CLIENT_ID, clientId).split("/", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].equals("#")) {
        return true;
      }
      if (i >= levels.length || !(wanted[i].equals("+") || wanted[i].equals(levels[i]))) {
        return false;
      }
    }
    return wanted.length == levels.length;
  }

  private static void requireFilter(String filter) {
    if (filter.isEmpty() || filter.indexOf('\0') >= 0 || filter.startsWith("$share/")) {
      throw new IllegalArgumentException(
          "filter must be a topic filter without $share/, but is \"" + filter + "\"");
    }
    String[] levels = filter.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      boolean last = i == levels.length - 1;
      boolean single = !levels[i].contains("+") || levels[i].equals("+");
      boolean multi = !levels[i].contains("#") || (levels[i].equals("#") && last);
      if (!single || !multi) {
        throw new IllegalArgumentException(
            "filter must have + as a whole level and # as the whole last one, but is \""
                + filter
                + "\"");
      }
    }
  }
}
