package io.billingsdk.server.keys;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Apps and their API keys. */
public final class KeysFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("app"),
          Table.of("api_key"),
          Table.of("key_table"),
          Table.of("key_change"),
          Table.of("key_block"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/keys/db";

  private final KeyVault vault;

  /** Of a vault, which seals legacy keys. */
  public KeysFeature(KeyVault vault) {
    this.vault = vault;
  }

  @Override
  public List<Table> tables() {
    return TABLES;
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of(MIGRATIONS);
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("keys.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return Stream.concat(AppRoutes.routes().stream(), new KeyRoutes(vault).routes().stream())
        .toList();
  }

  @Override
  public List<OutboxSubscriber> subscribers() {
    return List.of(new KeyEventLog());
  }
}
