package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.EventLines;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as the server writes it, without a browser; {@code quality} opens it in one. */
@Tag("postgres")
class UsagePageTest {
  private static final Pattern FIGURE =
      Pattern.compile("<data data-figure=\"([^\"]*)\" value=\"([^\"]*)\">([^<]*)</data>");
  private static final Pattern LIMIT =
      Pattern.compile("<data data-limit=\"([^\"]*)\" value=\"([^\"]*)\">([^<]*)</data>");
  private static final Pattern COST =
      Pattern.compile("<data data-cost=\"([^\"]*)\" value=\"([^\"]*)\">([^<]*)</data>");
  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir static Path directory;

  private static HttpTestbed http;
  private static StatsClient client;

  @BeforeAll
  static void start() {
    http = new HttpTestbed(directory);
    client = new StatsClient(http);
  }

  @AfterAll
  static void stop() {
    http.close();
  }

  private static Reply login(String token, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Content-Type";
    all[1] = FORM;
    System.arraycopy(headers, 0, all, 2, headers.length);
    return http.send("POST", "/usage.html?lang=en", null, "token=" + token, all);
  }

  /** The cookie that a browser would send from then on. */
  private static String cookie(Reply reply) {
    String set = reply.header("Set-Cookie").orElseThrow();
    assertThat(set).endsWith("; Path=/usage.html; Secure; HttpOnly; SameSite=Strict");
    return set.substring(0, set.indexOf(';'));
  }

  private static Reply page(String token, String language) {
    Reply answer = login(token);
    assertThat(answer.status()).isEqualTo(303);
    assertThat(answer.header("Location")).hasValue("/usage.html?lang=en");
    return http.send(
        "GET", "/usage.html?lang=" + language, null, null, "Cookie", "a=b; " + cookie(answer));
  }

  private static Map<String, String> values(Pattern pattern, String html) {
    Map<String, String> values = new TreeMap<>();
    Matcher found = pattern.matcher(html);
    while (found.find()) {
      String exact = found.group(2);
      values.put(found.group(1), exact);
      if (exact.matches("-?[0-9.]+")) {
        String shown = found.group(3).replace(",", "").replaceAll(" [A-Z]{3}$", "");
        assertThat(new BigDecimal(shown)).as(found.group()).isEqualByComparingTo(exact);
      }
    }
    return values;
  }

  /** Each figure of the API is on the page, as it is there. */
  private static void requireSame(JsonNode figures, String place, Map<String, String> page) {
    if (figures.isObject() && !page.containsKey(place)) {
      figures
          .properties()
          .forEach(
              each ->
                  requireSame(
                      each.getValue(),
                      place.isEmpty() ? each.getKey() : place + "." + each.getKey(),
                      page));
    } else if (figures.isObject()) {
      figures
          .properties()
          .forEach(
              each ->
                  assertThat(page)
                      .containsEntry(place + "/" + each.getKey(), text(each.getValue())));
    } else if (place.endsWith("duration") && place.contains("sessions")) {
      assertThat(page).containsKey(place);
    } else {
      assertThat(page).containsEntry(place, text(figures));
    }
  }

  private static String text(JsonNode value) {
    return value.isNull() ? "" : value.asText();
  }

  private static String session() {
    String session = client.session();
    for (String each :
        new String[] {
          "file_upload {\"kind\":\"image\",\"size\":52428801,\"type\":\"png\"}",
          "file_upload {\"kind\":\"audio\",\"size\":1234567,\"type\":\"<b>&'\\\"\"}",
          "project_create {}",
          "project_time {\"duration\":1800.25}",
          "export {\"duration\":300,\"format\":\"mp4\"}",
          "export {\"duration\":9,\"success\":false}",
          "ai_subtitle {\"audio_duration\":600}"
        }) {
      String[] parts = each.split(" ", 2);
      assertThat(client.recordOfSession(session, parts[0], parts[1]).status()).isEqualTo(200);
    }
    return session;
  }

  private static void use(String[] who) {
    for (String each :
        new String[] {
          "file_upload {\"size\":1048577,\"processing_type\":\"split\"}",
          "processing_complete {\"processing_time\":95.5,\"output_file_size\":4096}",
          "processing_complete {\"processing_time\":5,\"success\":false}",
          "api_call {}"
        }) {
      String[] parts = each.split(" ", 2);
      assertThat(client.record(who, parts[0], parts[1]).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh-CN"})
  void page_ofASession_hasEachFigureOfTheApi_andCosts(String language) {
    String session = session();

    Reply page = page(session, language);

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("<html lang=\"" + language + "\">").doesNotContain(session);
    assertThat(page.body()).doesNotContain("<b>").contains("&lt;b");
    Map<String, String> shown = values(FIGURE, page.body());
    requireSame(client.stats(session).path("sessions"), "sessions", shown);
    requireSame(client.stats(session).path("files"), "files", shown);
    requireSame(client.stats(session).path("projects"), "projects", shown);
    requireSame(client.stats(session).path("exports"), "exports", shown);
    requireSame(client.stats(session).path("ai_services"), "ai_services", shown);
    JsonNode export = client.get("/api/usage/export?format=json&session_id=" + session);
    Map<String, String> costs = values(COST, page.body());
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode each : export.path("costs")) {
      assertThat(costs)
          .containsEntry(each.path("name").asText() + ".cost", each.path("cost").asText())
          .containsEntry(each.path("name").asText() + ".used", each.path("used").asText());
      sum = sum.add(each.path("cost").decimalValue());
    }
    assertThat(new BigDecimal(costs.getOrDefault("total", "-1"))).isEqualByComparingTo(sum);
    assertThat(values(LIMIT, page.body()))
        .containsEntry("exports.total.used", "2")
        .containsEntry("exports.total.limit", "100")
        .containsEntry("exports.total.remaining", "98");
  }

  @ParameterizedTest
  @CsvSource({"en,true", "zh-CN,true", "en,false", "zh-CN,false"})
  void page_ofAUserOrGuest_hasEachFigureAndLimitOfTheApi(String language, boolean isUser) {
    String token = isUser ? client.user("ann-" + language) : client.guest();
    String[] who = isUser ? StatsClient.asUser(token) : StatsClient.asGuest(token);
    use(who);

    Reply page = page(token, language);

    assertThat(page.status()).isEqualTo(200);
    requireSame(client.get("/usage/me", who), "", values(FIGURE, page.body()));
    Map<String, String> limits = values(LIMIT, page.body());
    client
        .get("/usage/limits", who)
        .properties()
        .forEach(
            each -> {
              for (String field : new String[] {"used", "limit", "remaining"}) {
                assertThat(limits)
                    .containsEntry(
                        each.getKey() + "." + field, each.getValue().path(field).asText());
              }
            });
    assertThat(page.body()).doesNotContain("data-cost");
  }

  @Test
  void page_withoutAToken_asksForOne_inTheLanguageOfTheBrowser() {
    Reply english = http.send("GET", "/usage.html", null, null);
    Reply chinese =
        http.send("GET", "/usage.html", null, null, "Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8");

    assertThat(english.status()).isEqualTo(200);
    assertThat(english.body()).contains("<form id=\"entry\"", ">Show<").doesNotContain("<data");
    assertThat(chinese.body()).contains("<html lang=\"zh-CN\">", ">显示<");
    assertThat(english.header("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(english.header("Cache-Control")).hasValue("no-store");
    assertThat(english.body()).doesNotContainPattern("<script(?! src)|<style|style=| on[a-z]+=");
  }

  @Test
  void page_byALink_keepsTheTokenInACookie_andNotInItself() {
    String session = client.session();

    Reply page = http.send("GET", "/usage.html?session_id=" + session, null, null);

    assertThat(page.status()).isEqualTo(200);
    assertThat(cookie(page)).endsWith("=" + session);
    assertThat(page.body()).doesNotContain(session).contains("<data");
  }

  @Test
  void form_thatIsEmpty_forgetsTheToken() {
    Reply answer = login("");

    assertThat(answer.status()).isEqualTo(303);
    assertThat(answer.header("Set-Cookie").orElseThrow()).contains("billing-usage=; Max-Age=0;");
  }

  @Test
  void form_ofAnotherSite_orOfAnotherKind_isRefused() {
    String token = client.guest();

    assertThat(login(token, "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
    assertThat(login(token, "Sec-Fetch-Site", "same-site").status()).isEqualTo(403);
    assertThat(login(token, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(303);
    assertThat(http.send("POST", "/usage.html", null, "{\"token\":\"x\"}").status()).isEqualTo(415);
  }

  @Test
  void live_byTheCookie_pushesFiguresWhenTheyChange() {
    String guest = client.guest();
    String cookie = cookie(login(guest));
    try (EventLines lines = http.open("/usage.html/live", "Cookie", cookie)) {
      assertThat(lines.status()).isEqualTo(200);
      assertThat(lines.next("data:")).contains("\"api_calls_count\":0");
      assertThat(client.record(StatsClient.asGuest(guest), "api_call", "{}").status())
          .isEqualTo(200);
      assertThat(lines.next("data:")).contains("\"api_calls_count\":1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"page.css", "page.js"})
  void file_ofThePage_isServed(String name) {
    Reply file = http.send("GET", "/usage.html/" + name, null, null);

    assertThat(file.status()).isEqualTo(200);
    assertThat(file.body()).isNotBlank();
    assertThat(file.header("X-Content-Type-Options")).hasValue("nosniff");
  }

  @Test
  void texts_ofBothLanguages_haveTheSameNames_andAllOfTheShippedProfiles() {
    assertThat(UsageTexts.ZH_CN.all().keySet()).isEqualTo(UsageTexts.EN.all().keySet());
    for (String name : new String[] {"media", "audio"}) {
      UsageProfile profile = ProfileReader.shipped(name);
      List<String> named = new ArrayList<>();
      profile
          .cards()
          .forEach(
              each -> {
                named.add("card." + each.name());
                each.figures().forEach(figure -> named.add("figure." + figure));
              });
      profile.limits().forEach(each -> named.add("limit." + each.name()));
      profile.prices().forEach(each -> named.add("price." + each.name()));
      assertThat(UsageTexts.EN.all().keySet()).containsAll(named);
    }
  }

  @ParameterizedTest
  @EnumSource(UsageTexts.class)
  void texts_ofALanguage_areAllThere(UsageTexts texts) {
    assertThat(texts.all()).isNotEmpty().allSatisfy((name, text) -> assertThat(text).isNotBlank());
  }
}
