package io.billingsdk.server.privacy;

import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/** Persons behind subjects: mapping, export and erasure. */
public final class PrivacyFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("privacy_person"), Table.of("privacy_key"), Table.appendOnly("privacy_erasure"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/privacy/db";

  private final Secrets secrets;

  /** Of a server. */
  public PrivacyFeature(Platform platform) {
    this.secrets = platform.secrets();
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
    return Optional.ofNullable(getClass().getResource("privacy.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new PrivacyRoutes(new Persons(new PersonVault(secrets))).routes();
  }
}
