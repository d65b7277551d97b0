package io.billingsdk.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.Durability;
import io.billingsdk.Protocol;
import io.billingsdk.WhenFull;
import io.billingsdk.WhenQuotaUnknown;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The properties, what they are set to, and their description for editors. */
final class BillingPropertiesTest {
  private static final Pattern DESCRIBED =
      Pattern.compile(
          "\"name\": \"billing\\.([a-z.-]+)\",\\s+\"type\": \"([\\w.<>]+)\",\\s+\"desc");

  /** A door that is no setting. */
  private static final Set<String> NO_SETTINGS = Set.of("fromEnvironment");

  @Test
  void config_ofEachProperty_hasItsValue() {
    BillingConfig config = config(everything());
    assertThat(config.host()).isEqualTo("broker.example");
    assertThat(config.port()).isEqualTo(8884);
    assertThat(config.credentials().orElseThrow().get().username()).isEqualTo("gateway");
    assertThat(config.clientId()).contains("gateway-1");
    assertThat(config.caCertificates()).contains(Path.of("ca.pem"));
    assertThat(config.protocol()).isEqualTo(Protocol.V2);
    assertThat(config.journalDirectory()).isEqualTo(Path.of("some-journal"));
    assertThat(config.journalMaxBytes()).isEqualTo(32L << 20);
    assertThat(config.whenFull()).isEqualTo(WhenFull.block(Duration.ofMillis(250)));
    assertThat(config.durability()).isEqualTo(Durability.everyWrite());
    assertThat(config.retainDelivered()).isEqualTo(Duration.ofHours(2));
    assertThat(config.windowBytes()).isEqualTo(65_536);
    assertThat(config.maxKeyStaleness()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.whenQuotaUnknown()).isEqualTo(WhenQuotaUnknown.allow(25));
    assertThat(config.recreateJournal()).isFalse();
  }

  @Test
  void config_withoutAProperty_hasTheDefaultOfTheBuilder() {
    assertThat(config(Map.of("billing.host", "b")).toString())
        .isEqualTo(BillingConfig.builder().host("b").build().toString());
  }

  @Test
  void config_ofAValueOutOfItsRange_namesPropertyAndRange() {
    assertThatThrownBy(() -> config(Map.of("billing.host", "b", "billing.port", "70000")))
        .hasMessageContaining("port must be 1 to 65535, but was '70000'");
    assertThatThrownBy(() -> config(Map.of("billing.host", "b", "billing.durability", "never")))
        .hasMessageContaining("billing.durability must be every-write, operating-system or a");
    assertThatThrownBy(() -> config(Map.of("billing.host", "b", "billing.password", "secret-1")))
        .hasMessageContaining("billing.username and billing.password must be given together")
        .hasMessageNotContaining("secret-1");
  }

  @Test
  void toString_ofProperties_hasNoPassword() {
    assertThat(bound(everything()).toString()).doesNotContain("secret-1");
  }

  /** A setting that is new in core has to become a property here. */
  @Test
  void properties_areAllSettingsOfTheBuilder() {
    Set<String> settings =
        Arrays.stream(BillingConfigBuilder.class.getMethods())
            .filter(method -> method.getReturnType() == BillingConfigBuilder.class)
            .map(method -> method.getName())
            .filter(name -> !NO_SETTINGS.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    settings.remove("credentials");
    settings.addAll(Set.of("username", "password", "clientKey", "retainDeliveredBytes"));
    Set<String> properties = components(BillingProperties.class).keySet();
    properties.removeAll(Set.of("startupWait", "closeTimeout", "grpc"));
    assertThat(properties).isEqualTo(settings);
  }

  @Test
  void metadata_forEditors_namesEachPropertyWithItsType() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    components(BillingProperties.class).forEach((name, type) -> expected.put(kebab(name), type));
    expected.remove("grpc");
    components(BillingProperties.Grpc.class)
        .forEach((name, type) -> expected.put("grpc." + kebab(name), type));
    Map<String, String> described = new TreeMap<>();
    DESCRIBED
        .matcher(resource("/META-INF/spring-configuration-metadata.json"))
        .results()
        .forEach(match -> described.put(match.group(1), match.group(2)));
    assertThat(described).isEqualTo(expected);
  }

  @Test
  void page_ofTheStarter_namesItsOwnProperties() throws IOException {
    String page = Files.readString(Path.of("../docs/spring-boot.md"));
    assertThat(page).contains("`billing.startup-wait`", "`billing.close-timeout`");
    components(BillingProperties.Grpc.class)
        .keySet()
        .forEach(name -> assertThat(page).contains("`billing.grpc." + kebab(name) + "`"));
  }

  private static Map<String, String> everything() {
    Map<String, String> all = new HashMap<>();
    all.put("billing.host", "broker.example");
    all.put("billing.port", "8884");
    all.put("billing.username", "gateway");
    all.put("billing.password", "secret-1");
    all.put("billing.client-id", "gateway-1");
    all.put("billing.ca-certificates", "ca.pem");
    all.put("billing.protocol", "v2");
    all.put("billing.journal-directory", "some-journal");
    all.put("billing.journal-max-bytes", "32MB");
    all.put("billing.when-full", "250ms");
    all.put("billing.durability", "every-write");
    all.put("billing.retain-delivered", "2h");
    all.put("billing.window-bytes", "64KB");
    all.put("billing.max-key-staleness", "1m");
    all.put("billing.when-quota-unknown", "25");
    all.put("billing.recreate-journal", "false");
    return all;
  }

  private static BillingConfig config(Map<String, String> properties) {
    return SettingsFromProperties.of(bound(properties), List.of());
  }

  private static BillingProperties bound(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bind("billing", BillingProperties.class)
        .get();
  }

  private static Map<String, String> components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .collect(
            Collectors.toMap(
                RecordComponent::getName,
                component -> component.getGenericType().getTypeName(),
                (one, other) -> one,
                TreeMap::new));
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
  }

  private static String resource(String name) throws IOException {
    try (var stream = BillingPropertiesTest.class.getResourceAsStream(name)) {
      return new String(
          java.util.Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
