package io.billingsdk.server.statistics;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ingest.RecordIntake;
import java.net.URL;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Uses that come in over HTTP. It stands apart from {@link StatisticsFeature}, which the intake
 * stands on: its hook is there before the intake is.
 */
public final class UsesFeature implements Feature {
  private final Supplier<RecordIntake> intake;
  private final Holders holders;
  private final InstantSource clock;

  /**
   * Over the intake, with the time of the system.
   *
   * @param intake asked for once the features start
   */
  public UsesFeature(Platform platform, Supplier<RecordIntake> intake) {
    this(platform, intake, InstantSource.system());
  }

  /** With another time. */
  UsesFeature(Platform platform, Supplier<RecordIntake> intake, InstantSource clock) {
    this.intake = intake;
    this.clock = clock;
    this.holders = new Holders(platform.secrets(), clock);
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("uses.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new UseRoutes(intake.get(), holders, new ProfileStore(), clock).routes();
  }
}
