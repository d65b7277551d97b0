package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.EventLines;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.http.PagePrograms;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exports that are read back: all rows are there, whatever their number. */
@Tag("postgres")
class StatsExportTest {
  private static final int RELEASE = 1_000_000;
  private static final int ROWS = 20_000;
  private static final int ROWS_OF_CHILD =
      "release".equals(System.getProperty("size")) ? RELEASE : ROWS;
  private static final String HEAP = "64m";
  private static final Path PDF_TO_TEXT = Path.of("/usr/bin/pdftotext");
  private static final Path CHINESE =
      Path.of("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf");

  private static final PagePrograms PROGRAMS = new PagePrograms("statistics.md", "stats-export");

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

  private static String person(String token) {
    return new TestTokens(http.secrets()).session(token).substring("st-".length());
  }

  private static void events(String token, String profile, String type, int count)
      throws SQLException {
    http.world().execute(ExportChild.events(person(token), profile, type, count));
  }

  @Test
  void csv_ofManyEvents_hasAllOfThem_inTheOrderOfTheirTimes() throws Exception {
    String session = client.session();
    assertThat(
            client
                .recordOfSession(
                    session, "file_upload", "{\"kind\":\"image\",\"size\":1,\"type\":\"=2+5\"}")
                .status())
        .isEqualTo(200);
    events(session, "media", "export", ROWS);

    int events = 0;
    int corrections = 0;
    BigDecimal sum = BigDecimal.ZERO;
    String last = "";
    boolean isGuarded = false;
    try (EventLines lines =
        http.open("/api/usage/export?format=csv&bom=true&session_id=" + session)) {
      assertThat(lines.status()).isEqualTo(200);
      assertThat(lines.line()).isEqualTo("\ufeffkind,name,at,amount,cost,currency,metadata");
      for (String line = lines.line(); line != null; line = lines.line()) {
        String[] fields = line.split(",", 5);
        isGuarded |= line.startsWith("counter,file_types/=2+5,");
        if (fields[0].equals("event") || fields[0].equals("correction")) {
          events++;
          corrections += fields[0].equals("correction") ? 1 : 0;
          assertThat(fields[2].compareTo(last)).as(line).isGreaterThanOrEqualTo(0);
          last = fields[2];
          sum = sum.add(new BigDecimal(fields[3]));
        }
      }
    }
    long negative = (long) (ROWS / 100) * (ROWS / 100 + 1) / 2 * 100;
    long all = (long) ROWS * (ROWS + 1) / 2;
    assertThat(events).isEqualTo(ROWS + 1);
    assertThat(sum).isEqualByComparingTo(BigDecimal.valueOf(all - 2 * negative + 1));
    assertThat(isGuarded).as("a text that does not begin as a formula is left as it is").isTrue();
    assertThat(corrections).isEqualTo(ROWS / 100);
    Proof.of("stats-export")
        .with("format", "csv")
        .with("rows", events)
        .with("corrections", corrections)
        .with("missing", 0)
        .print();
  }

  @Test
  void json_ofAUserAndTheirGuests_hasTheEventsOfBoth_andSaysThatItIsWhole() throws Exception {
    String user = client.user("ann");
    String guest = client.guest();
    events(user, "audio", "api_call", 2_500);
    events(guest, "audio", "api_call", 1_000);
    http.send(
        "POST", "/usage/link", null, null, "Authorization", "Bearer " + user, "X-Guest-ID", guest);

    JsonNode whole = client.get("/usage/export?format=json", StatsClient.asUser(user));

    assertThat(whole.path("events")).hasSize(3_500);
    assertThat(whole.path("complete").asBoolean()).isTrue();
    assertThat(whole.at("/events/99/amount").decimalValue()).isEqualByComparingTo("-100");
    assertThat(whole.at("/events/99/metadata/type").asText()).isEqualTo("=1+1");
    JsonNode own = client.get("/usage/export?format=json", StatsClient.asGuest(guest));
    assertThat(own.path("events")).hasSize(1_000);
    JsonNode empty = client.get("/usage/export?format=json", StatsClient.asGuest(client.guest()));
    assertThat(empty.path("events")).isEmpty();
    assertThat(empty.path("complete").asBoolean()).isTrue();
  }

  @Test
  void export_thatCannotGoOn_isCut_andNotTakenForTheWhole() throws Exception {
    String session = client.session();
    http.world().execute("ALTER TABLE statistics_event RENAME TO statistics_event_away");
    try (EventLines lines = http.open("/api/usage/export?format=csv&session_id=" + session)) {
      assertThatThrownBy(
              () -> {
                String line = lines.line();
                while (line != null) {
                  line = lines.line();
                }
              })
          .isInstanceOf(IOException.class);
    } finally {
      http.world().execute("ALTER TABLE statistics_event_away RENAME TO statistics_event");
    }
  }

  /** Server, reader and test together have no more than that. */
  @Test
  void export_ofManyEvents_needsNoMoreThanASmallHeap() throws Exception {
    String printed =
        PagePrograms.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP,
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ExportChild.class.getName(),
                directory.resolve("child").toString(),
                Integer.toString(ROWS_OF_CHILD)),
            Map.of());

    for (String format : List.of("csv", "json")) {
      String line =
          printed.lines().filter(each -> each.startsWith(format + " ")).findFirst().orElse(printed);
      String[] said = line.split(" ", -1);
      assertThat(said).as(printed).hasSize(4);
      assertThat(Integer.parseInt(said[1])).as("rows").isEqualTo(ROWS_OF_CHILD);
      assertThat(Integer.parseInt(said[3])).as("heap").isLessThanOrEqualTo(64);
      Proof.sized("stats-export", ROWS_OF_CHILD, RELEASE)
          .with("format", format)
          .with("rows", ROWS_OF_CHILD)
          .with("bytes", said[2])
          .with("xmx", HEAP)
          .with("heap_mib", said[3])
          .with("missing", 0)
          .print();
    }
  }

  @ParameterizedTest
  @CsvSource({"en,Usage statistics,Total", "zh-CN,用量统计,合计"})
  void pdf_ofASession_hasEachFigureAndCostOfTheJson(String language, String title, String total)
      throws Exception {
    PROGRAMS.skipWithout(Files.isReadable(CHINESE), "pdf", "there is no " + CHINESE);
    PROGRAMS.skipWithout(Files.isExecutable(PDF_TO_TEXT), "pdf", "there is no " + PDF_TO_TEXT);
    Path fonts = Files.createDirectories(directory.resolve("documents").resolve("fonts"));
    Files.copy(CHINESE, fonts.resolve("2.ttf"), StandardCopyOption.REPLACE_EXISTING);
    String session = client.session();
    for (String metadata :
        List.of(
            "file_upload {\"kind\":\"image\",\"size\":52428801,\"type\":\"图片\"}",
            "export {\"duration\":1234.5}",
            "ai_subtitle {\"audio_duration\":601}")) {
      String[] parts = metadata.split(" ", 2);
      assertThat(client.recordOfSession(session, parts[0], parts[1]).status()).isEqualTo(200);
    }

    JsonNode json = client.get("/api/usage/export?format=json&session_id=" + session);
    String text =
        text(
            http.bytes("/api/usage/export?format=pdf&lang=" + language + "&session_id=" + session));

    assertThat(text).contains(title, total, "图片", "media");
    int compared = 0;
    for (BigDecimal each : numbers(json.path("figures"))) {
      assertThat(text).as(each.toPlainString()).contains(UsageTexts.number(each));
      compared++;
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode each : json.path("costs")) {
      assertThat(text).contains(UsageTexts.number(each.path("used").decimalValue()));
      assertThat(text).contains(UsageTexts.number(each.path("cost").decimalValue()));
      sum = sum.add(each.path("cost").decimalValue());
      compared += 2;
    }
    assertThat(text).contains(UsageTexts.number(sum) + " CNY");
    Proof.of("stats-export")
        .with("format", "pdf")
        .with("language", language)
        .with("read_by", "pdftotext")
        .with("figures", compared + 1)
        .with("wrong", 0)
        .print();
  }

  /** All but how long the session is there, which goes on. */
  private static List<BigDecimal> numbers(JsonNode figures) {
    List<BigDecimal> numbers = new ArrayList<>();
    figures
        .properties()
        .forEach(
            each -> {
              if (each.getValue().isObject()) {
                numbers.addAll(numbers(each.getValue()));
              } else if (each.getValue().isNumber() && !each.getKey().equals("duration")) {
                numbers.add(each.getValue().decimalValue());
              }
            });
    return numbers;
  }

  private static String text(byte[] pdf) throws Exception {
    Path file = Files.write(directory.resolve("export.pdf"), pdf);
    return PagePrograms.run(
        List.of(PDF_TO_TEXT.toString(), "-enc", "UTF-8", "-layout", file.toString(), "-"),
        Map.of());
  }

  @Test
  void pdf_withACharacterThatNoFontHas_isRefusedByName() {
    String session = client.session();
    String fresh = "{\"kind\":\"image\",\"size\":1,\"type\":\"\ud83d\ude00\"}";
    assertThat(client.recordOfSession(session, "file_upload", fresh).status()).isEqualTo(200);

    Reply refused =
        http.send("GET", "/api/usage/export?format=pdf&session_id=" + session, null, null);

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().path("detail").asText()).contains("U+1F600");
  }

  @Test
  void format_thatThereIsNot_isRefused_andTheOnesThatThereAreAreNamed() {
    Reply refused =
        http.send("GET", "/api/usage/export?format=xls&session_id=" + client.session(), null, null);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).contains("one of csv, json, pdf");
  }
}
