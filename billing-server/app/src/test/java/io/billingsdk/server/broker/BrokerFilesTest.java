package io.billingsdk.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.broker.TopicRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The files for brokers of others grant what our own broker grants, no more and no less. */
class BrokerFilesTest {
  private static final Path FILES =
      Path.of(System.getProperty("basedir", "."), "..", "..", "docs", "brokers");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  @Test
  void mosquitto_grantsWhatOurBrokerGrants() throws IOException {
    Set<String> granted = new TreeSet<>();
    String who = "instance";
    for (String line : Files.readAllLines(FILES.resolve("mosquitto.acl"))) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "user" -> who = "server";
        case "topic" -> grant(granted, who, access(words[1]), words[2]);
        case "pattern" -> grant(granted, "instance", access(words[1]), words[2]);
        default -> assertThat(line.isEmpty() || line.startsWith("#")).as(line).isTrue();
      }
    }
    assertThat(granted).isEqualTo(ours());
  }

  @Test
  void emqx_grantsWhatOurBrokerGrants() throws IOException {
    Set<String> granted = new TreeSet<>();
    String text = Files.readString(FILES.resolve("emqx-acl.conf")).replaceAll("(?m)^%.*", "");
    String[] clauses = text.split("\\}\\.", -1);
    for (String clause : clauses) {
      if (!clause.contains("{allow")) {
        continue;
      }
      boolean server = clause.contains("{username, \"billing-server\"}");
      assertThat(server || clause.contains("{allow, all,")).as(clause).isTrue();
      String access = clause.contains(" publish,") ? "publish" : "subscribe";
      Matcher topic = QUOTED.matcher(clause.substring(clause.indexOf('[')));
      while (topic.find()) {
        grant(granted, server ? "server" : "instance", access, topic.group(1));
      }
    }
    assertThat(granted).isEqualTo(ours());
    assertThat(text).contains("{deny, all}.");
  }

  @Test
  void hiveMq_grantsWhatOurBrokerGrants() throws Exception {
    Set<String> granted = new TreeSet<>();
    NodeList roles =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(FILES.resolve("hivemq-rbac.xml").toFile())
            .getElementsByTagName("role");
    for (int i = 0; i < roles.getLength(); i++) {
      Element role = (Element) roles.item(i);
      NodeList permissions = role.getElementsByTagName("permission");
      for (int j = 0; j < permissions.getLength(); j++) {
        Element permission = (Element) permissions.item(j);
        String activity = text(permission, "activity");
        String access = activity.isEmpty() ? "both" : activity.toLowerCase(Locale.ROOT);
        grant(granted, text(role, "id"), access, text(permission, "topic"));
      }
    }
    assertThat(granted).isEqualTo(ours());
  }

  private static Set<String> ours() {
    Set<String> granted = new TreeSet<>();
    rules(granted, "instance", TopicRights.ofInstances("billing"));
    rules(granted, "server", TopicRights.ofServer("billing"));
    return granted;
  }

  private static void rules(Set<String> granted, String who, List<TopicRule> rules) {
    for (TopicRule rule : rules) {
      String access =
          rule.publish() && rule.subscribe() ? "both" : rule.publish() ? "publish" : "subscribe";
      grant(granted, who, access, rule.filter());
    }
  }

  /** One right a line, with {@code {i}} for the instance; both directions are two rights. */
  private static void grant(Set<String> granted, String who, String access, String topic) {
    String named = topic.replaceAll("%[cu]|\\$\\{\\{?[a-z]+\\}?\\}", "{i}");
    if (!access.equals("subscribe")) {
      granted.add(who + " publishes " + named);
    }
    if (!access.equals("publish")) {
      granted.add(who + " subscribes " + named);
    }
  }

  private static String access(String mosquitto) {
    return switch (mosquitto) {
      case "read" -> "subscribe";
      case "write" -> "publish";
      case "readwrite" -> "both";
      default -> throw new AssertionError(mosquitto);
    };
  }

  private static String text(Element parent, String child) {
    NodeList found = parent.getElementsByTagName(child);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent().trim();
  }
}
