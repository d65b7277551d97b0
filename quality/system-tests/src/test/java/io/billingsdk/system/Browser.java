package io.billingsdk.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A Chromium of its own, as Debian's packages {@code chromium} and {@code chromium-driver} have.
 */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Whether there is one. */
  static boolean isInstalled() {
    return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
  }

  /** One that has never been anywhere. */
  static Browser start(Path profile) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toString());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1100,1000",
        "--lang=en-US",
        "--user-data-dir=" + profile);
    // The authority of the server is its own; the clients' tests show that TLS holds.
    options.setAcceptInsecureCerts(true);
    options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    return new Browser(new ChromeDriver(service, options));
  }

  void open(String address) {
    driver.get(address);
  }

  void reload() {
    driver.navigate().refresh();
  }

  void type(String id, String text) {
    driver.findElement(By.id(id)).sendKeys(text);
  }

  void click(String selector) {
    driver.findElement(By.cssSelector(selector)).click();
  }

  boolean isShown(String id) {
    return driver.findElement(By.id(id)).isDisplayed();
  }

  String text(String id) {
    return driver.findElement(By.id(id)).getText();
  }

  int count(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  /** Waits until an element holds all of these texts. */
  void await(String id, String... texts) {
    new WebDriverWait(driver, PATIENCE)
        .withMessage(() -> id + " says: " + text(id) + "; the console: " + complaints())
        .until(any -> List.of(texts).stream().allMatch(text(id)::contains));
  }

  /** What a script says. */
  Object run(String script) {
    return Objects.requireNonNull(driver.executeScript("return " + script), script);
  }

  /** From the next page on, scripts run or do not. */
  void allowScripts(boolean allowed) {
    driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
  }

  /** The page as it is now, by no script. */
  String html() {
    driver.executeCdpCommand("DOM.enable", Map.of());
    Object root = driver.executeCdpCommand("DOM.getDocument", Map.of("depth", 0)).get("root");
    Object node = Objects.requireNonNull(((Map<?, ?>) Objects.requireNonNull(root)).get("nodeId"));
    Object html = driver.executeCdpCommand("DOM.getOuterHTML", Map.of("nodeId", node));
    return String.valueOf(((Map<?, ?>) html).get("outerHTML"));
  }

  String address() {
    return driver.getCurrentUrl();
  }

  /** What the page has fetched since it was opened. */
  List<String> fetched() {
    Object names = run("performance.getEntriesByType('resource').map(entry => entry.name)");
    return ((List<?>) names).stream().map(String::valueOf).toList();
  }

  void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  String focused() {
    WebElement focused = driver.switchTo().activeElement();
    return Objects.requireNonNullElse(focused.getDomAttribute("id"), "");
  }

  /** Errors that its console shows since the last call: of scripts, of the policy, of requests. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  void photograph(Path file) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
