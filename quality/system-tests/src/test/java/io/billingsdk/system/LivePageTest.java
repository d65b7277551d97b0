package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.BillingClient;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.NewKey;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page at {@code /} in a real browser, with a real client, broker, server and PostgreSQL. */
class LivePageTest {
  private static final Path IMAGE = Path.of("..", "..", "docs", "images", "live-page.png");

  /** What would be an element if anything were written into the page as HTML. */
  private static final String HOSTILE = "<b id=\"planted\">model</b>";

  @Test
  void page_showsWhatIsReportedWhileItHappens(@TempDir Path directory) throws Exception {
    if (!Browser.isInstalled()) {
      Proof.skipped("live-page", "chromium and chromium-driver are not installed");
      Assumptions.abort("needs chromium and chromium-driver");
    }
    try (InProcess system = InProcess.start(directory);
        BillingClient client = system.client("gateway-1", settings -> settings);
        Browser browser = Browser.start(directory.resolve("profile"))) {
      NewKey key = system.admin().create("acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
      String page = "https://localhost:" + system.httpPort() + "/";
      browser.open(page);
      refusesAWrongToken(browser);
      assertThat(browser.complaints()).allMatch(said -> said.contains("401"));

      browser.type("token", system.token());
      browser.click("#entry button");
      browser.await("state", "Connected");
      assertThat(browser.isShown("entry")).isFalse();
      long shownNanos = showsUsage(browser, client, key);
      showsDelivery(browser);
      showsWhatIsRefused(browser, client, key);
      photograph(browser);
      isReadable(browser);
      staysAfterAReload(browser);

      assertThat(browser.complaints()).isEmpty();
      int operations = showsTheDocument(browser, system);
      Proof.of("live-page")
          .with("browser", "chromium")
          .with("events", 8)
          .with("amounts", "exact")
          .with("from_report_to_page_ms", Duration.ofNanos(shownNanos).toMillis())
          .with("rejected_shown", 1)
          .with("console_errors", 0)
          .print();
      Proof.of("docs-page")
          .with("browser", "chromium")
          .with("operations", operations)
          .with("requests_elsewhere", 0)
          .with("console_errors", 0)
          .print();
    }
  }

  private static void refusesAWrongToken(Browser browser) {
    assertThat(browser.isShown("live")).isFalse();
    browser.type("token", "bt_wrong");
    browser.click("#entry button");
    browser.await("entry-problem", "does not know this token");
    assertThat(browser.isShown("live")).isFalse();
    assertThat(browser.focused()).isEqualTo("token");
  }

  private static void report(BillingClient client, UsageEvent event) {
    assertThat(client.report(event)).isNotInstanceOf(ReportOutcome.Rejected.class);
  }

  private static long showsUsage(Browser browser, BillingClient client, NewKey key) {
    long begun = System.nanoTime();
    for (int i = 0; i < 5; i++) {
      report(client, UsageEvent.of(key.text(), "llm", "gpt-4", 0.1));
    }
    report(client, UsageEvent.of(key.text(), "llm", HOSTILE, 1_000_000));
    report(client, UsageEvent.of(key.text(), "llm", HOSTILE, 2.25));
    browser.await("events", "7");
    final long nanos = System.nanoTime() - begun;
    // As doubles, five times 0.1 and 1,000,002.25 would end in other digits.
    browser.await("apps", "acme gpt-4 5 0.5 ", "acme " + HOSTILE + " 2 1,000,002.25 ");
    browser.await("usage", "1,000,002.75");
    assertThat(browser.count("#planted")).isZero();
    return nanos;
  }

  private static void showsDelivery(Browser browser) {
    browser.await("instances", "gateway-1 balanced 7 7 0 0 0");
  }

  private static void showsWhatIsRefused(Browser browser, BillingClient client, NewKey key) {
    report(
        client,
        UsageEvent.of(key.text(), "llm", "gpt-4", 1)
            .withTime(Instant.now().minus(Duration.ofDays(401))));
    browser.await("rejected", "gateway-1 TOO_OLD", "older than 400 days");
    browser.await("refused", "1");
  }

  /** Names for what is to be filled in, headers for columns, and both schemes of colours. */
  private static void isReadable(Browser browser) {
    assertThat(browser.count("html[lang]")).isEqualTo(1);
    assertThat(browser.count("h1")).isEqualTo(1);
    assertThat(browser.count("input:not([type=hidden])"))
        .isEqualTo(browser.count("label[for=token]"));
    assertThat(browser.count("th:not([scope])")).isZero();
    assertThat(browser.count("[style], script:not([src]), [onclick]")).isZero();
    String ground = "getComputedStyle(document.body).backgroundColor";
    browser.prefer("light");
    Object light = browser.run(ground);
    browser.prefer("dark");
    Awaitility.await().until(() -> !browser.run(ground).equals(light));
  }

  private static void staysAfterAReload(Browser browser) {
    browser.reload();
    browser.await("state", "Connected");
    assertThat(browser.isShown("entry")).isFalse();
    browser.await("rejected", "TOO_OLD");
    browser.click("#leave");
    browser.reload();
    assertThat(browser.isShown("entry")).isTrue();
  }

  /** The page at {@code /docs}: each operation, by files of the server alone. */
  private static int showsTheDocument(Browser browser, InProcess system) throws Exception {
    String server = "https://localhost:" + system.httpPort() + "/";
    browser.open(server + "docs");
    List<String> operations = system.operations();
    browser.await("api", operations.toArray(String[]::new));
    assertThat(browser.count(".opblock")).isEqualTo(operations.size()).isGreaterThan(20);
    // What the policy forbids is an error of the console; what it lets pass is told here.
    assertThat(browser.fetched())
        .contains(server + "api/v1/openapi.json", server + "docs/swagger-ui-bundle.js")
        .allMatch(address -> address.startsWith(server));
    browser.click(".opblock-summary-control");
    Awaitility.await().until(() -> browser.count(".opblock.is-open .opblock-body") == 1);
    assertThat(browser.complaints()).isEmpty();
    return operations.size();
  }

  private static void photograph(Browser browser) throws Exception {
    if (System.getProperty("screenshots", "").equals("write")) {
      browser.prefer("light");
      browser.photograph(IMAGE);
    }
  }
}
