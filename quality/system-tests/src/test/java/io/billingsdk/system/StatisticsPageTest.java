package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.system.StatisticsHttp.Caller;
import io.billingsdk.system.StatisticsHttp.Somebody;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page {@code /usage.html} in a real browser: its numbers are those of the API, live too. */
class StatisticsPageTest {
  private static final int RELEASE = 300;
  private static final int USES = "release".equals(System.getProperty("size")) ? RELEASE : 15;
  private static final Duration PUSH = Duration.ofSeconds(5);
  private static final Duration MOST = Duration.ofSeconds(1);
  private static final List<String> LANGUAGES = List.of("en", "zh-CN");
  private static final Pattern DATA =
      Pattern.compile("<data data-figure=\"([^\"]*)\" value=\"([^\"]*)\">([^<]*)</data>");
  private static final String READ =
      "Object.fromEntries([...document.querySelectorAll('data[data-figure]')]"
          + ".map(each => [each.dataset.figure, each.value + '|' + each.textContent]))";

  @TempDir Path directory;

  private int compared;

  @Test
  void page_ofBothProfiles_inBothLanguages_showsTheNumbersOfTheApi_alsoLiveAndWithoutAScript()
      throws Exception {
    if (!Browser.isInstalled()) {
      Proof.skipped("usage-page", "chromium and chromium-driver are not installed");
      Assumptions.abort("needs chromium and chromium-driver");
    }
    try (InProcess system = InProcess.start(directory);
        Browser browser = Browser.start(directory.resolve("profile"))) {
      StatisticsHttp http = new StatisticsHttp(system);
      refusesAForgedToken(browser, http);
      for (Somebody each : List.of(http.session(), http.guest(), http.user("ann"))) {
        for (String language : LANGUAGES) {
          shows(browser, http, each, language);
        }
      }
      isSeenSoon(browser, http);
    }
  }

  private static void refusesAForgedToken(Browser browser, StatisticsHttp http) {
    browser.open(http.server() + "/usage.html?lang=en");
    assertThat(browser.complaints()).isEmpty();
    browser.type("token", "bst_forged");
    browser.click("#entry button");
    browser.await("problem", "no token of this server");
    assertThat(browser.count("data")).isZero();
    assertThat(browser.complaints()).allMatch(said -> said.contains("403"));
  }

  private static boolean isOfAudio(Somebody who) {
    return who instanceof Caller;
  }

  private static void use(StatisticsHttp http, Somebody who) {
    if (isOfAudio(who)) {
      http.record(who, "file_upload", "{\"size\":1234567,\"processing_type\":\"<i>split</i>\"}");
      http.record(who, "processing_complete", "{\"processing_time\":75.5,\"output_file_size\":99}");
      http.record(who, "processing_complete", "{\"processing_time\":1,\"success\":false}");
    } else {
      http.record(who, "file_upload", "{\"kind\":\"image\",\"size\":52428801,\"type\":\"png\"}");
      http.record(who, "project_time", "{\"duration\":1800.25}");
      http.record(who, "export", "{\"duration\":300,\"format\":\"mp4\"}");
      http.record(who, "ai_subtitle", "{\"audio_duration\":601,\"success\":false}");
    }
  }

  private void shows(Browser browser, StatisticsHttp http, Somebody who, String language) {
    compared = 0;
    use(http, who);
    enter(browser, http, who, language);
    requireSame(http.figures(who), "", read(browser));
    final long pushMillis = followsChanges(browser, http, who);
    requireSame(http.figures(who), "", read(browser));
    refreshes(browser, http, who);
    assertThat(browser.count("[style], script:not([src]), style, i")).isZero();
    assertThat(browser.fetched()).allMatch(address -> address.startsWith(http.server()));
    withoutScript(browser, http, who, language);
    assertThat(browser.complaints()).isEmpty();
    leave(browser);
    Proof.of("usage-page")
        .with("browser", "chromium")
        .with("profile", isOfAudio(who) ? "audio" : "media")
        .with("person", who instanceof Caller caller ? caller.header() : "session")
        .with("language", language)
        .with("figures", compared)
        .with("wrong", 0)
        .with("live_push_ms", pushMillis)
        .with("without_script", true)
        .with("console_errors", 0)
        .print();
  }

  /** By each of the ways: the link of a session, a link with any token, and the form. */
  private static void enter(Browser browser, StatisticsHttp http, Somebody who, String language) {
    String page = http.server() + "/usage.html";
    if (!isOfAudio(who)) {
      browser.open(page + "?lang=" + language + "&session_id=" + who.token());
    } else if (language.equals("en")) {
      browser.open(page + "?lang=en");
      browser.type("token", who.token());
      browser.click("#entry button");
    } else {
      browser.open("about:blank");
      browser.open(page + "?lang=zh-CN#token=" + who.token());
    }
    browser.await("state", language.equals("en") ? "Live" : "实时更新");
    assertThat(browser.run("document.documentElement.lang")).isEqualTo(language);
    assertThat(browser.address()).doesNotContain(who.token());
    assertThat(browser.html()).doesNotContain(who.token());
  }

  private static Map<String, String> read(Browser browser) {
    Map<String, String> read = new TreeMap<>();
    ((Map<?, ?>) browser.run(READ))
        .forEach((place, value) -> read.put(String.valueOf(place), String.valueOf(value)));
    return read;
  }

  /** What people see is the number of the API with all its digits; what a copy has is its text. */
  private void requireSame(JsonNode figures, String place, Map<String, String> page) {
    for (Map.Entry<String, JsonNode> each : figures.properties()) {
      String name = place.isEmpty() ? each.getKey() : place + "." + each.getKey();
      JsonNode value = each.getValue();
      if (value.isObject() && page.containsKey(name)) {
        value
            .properties()
            .forEach(part -> requireSame(part.getValue(), page.get(name + "/" + part.getKey())));
      } else if (value.isObject()) {
        requireSame(value, name, page);
      } else if (!name.equals("details.sessions.duration")) {
        requireSame(value, page.get(name));
      }
    }
  }

  private void requireSame(JsonNode value, @Nullable String shown) {
    assertThat(shown).isNotNull();
    String[] parts = String.valueOf(shown).split("\\|", 2);
    if (value.isNumber()) {
      assertThat(new BigDecimal(parts[0])).isEqualByComparingTo(value.decimalValue());
      assertThat(new BigDecimal(parts[1].replace(",", "")))
          .isEqualByComparingTo(value.decimalValue());
    } else {
      assertThat(parts[0]).isEqualTo(value.isNull() ? "" : value.asText());
    }
    compared++;
  }

  private static String counter(Somebody who) {
    return isOfAudio(who) ? "api_calls_count" : "projects.total";
  }

  private static void count(StatisticsHttp http, Somebody who) {
    http.record(who, isOfAudio(who) ? "api_call" : "project_create", "{}");
  }

  private static String shown(Browser browser, String place) {
    return String.valueOf(
        browser.run("document.querySelector('data[data-figure=\"" + place + "\"]').textContent"));
  }

  /** How long it takes, from the request to the number in the page. */
  private static long followsChanges(Browser browser, StatisticsHttp http, Somebody who) {
    int before = Integer.parseInt(shown(browser, counter(who)));
    long began = System.nanoTime();
    count(http, who);
    Awaitility.await()
        .atMost(PUSH)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> shown(browser, counter(who)).equals(Integer.toString(before + 1)));
    return Duration.ofNanos(System.nanoTime() - began).toMillis();
  }

  private static void refreshes(Browser browser, StatisticsHttp http, Somebody who) {
    String at = "document.getElementById('at').dateTime";
    Object before = browser.run(at);
    browser.click("#refresh");
    Awaitility.await().atMost(PUSH).until(() -> !browser.run(at).equals(before));
    assertThat(browser.address()).startsWith(http.server() + "/usage.html");
    assertThat(http.figures(who).isEmpty()).isFalse();
  }

  /** The server writes each number: the reader without a script has them all. */
  private void withoutScript(Browser browser, StatisticsHttp http, Somebody who, String language) {
    browser.allowScripts(false);
    browser.open(http.server() + "/usage.html?lang=" + language);
    Map<String, String> page = new TreeMap<>();
    Matcher found = DATA.matcher(browser.html());
    while (found.find()) {
      page.put(
          found.group(1).replace("&lt;", "<").replace("&gt;", ">"),
          found.group(2) + "|" + found.group(3));
    }
    assertThat(page).isNotEmpty();
    requireSame(http.figures(who), "", page);
    browser.allowScripts(true);
  }

  private static void leave(Browser browser) {
    browser.reload();
    browser.click("#leave button");
    Awaitility.await().until(() -> browser.count("#entry") == 1);
    assertThat(browser.count("data")).isZero();
  }

  /** From the request to the number in a page that is open. */
  private static void isSeenSoon(Browser browser, StatisticsHttp http) {
    Somebody who = http.session();
    enter(browser, http, who, "en");
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < USES; i++) {
      millis.add(followsChanges(browser, http, who));
    }
    millis.sort(null);
    long p99 = millis.get((millis.size() * 99 + 99) / 100 - 1);
    Proof.sized("visible-stats", USES, RELEASE)
        .with("of", "page")
        .with("uses", USES)
        .with("p50_ms", millis.get(millis.size() / 2))
        .with("p99_ms", p99)
        .with("target", "p99<1000ms")
        .print();
    assertThat(Duration.ofMillis(p99)).isLessThan(MOST);
  }
}
