package io.billingsdk.server.audit;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/** Who changed what. */
public final class AuditFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("operator"),
          Table.of("access_token"),
          Table.appendOnly("audit_log"),
          Table.of("http_answer"));

  @Override
  public List<Table> tables() {
    return TABLES;
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("audit.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return AuditRoutes.routes();
  }
}
