package io.billingsdk.server.performance;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ingest.RecordIntake;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Records of costs and performance that come in over HTTP. It stands apart from {@link
 * PerformanceFeature}, which the intake stands on: its hook is there before the intake is.
 */
public final class RecordsFeature implements Feature {
  private final Supplier<RecordIntake> intake;

  /**
   * Over the intake.
   *
   * @param intake asked for once the features start
   */
  public RecordsFeature(Supplier<RecordIntake> intake) {
    this.intake = intake;
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("records.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new RecordRoutes(intake.get()).routes();
  }
}
