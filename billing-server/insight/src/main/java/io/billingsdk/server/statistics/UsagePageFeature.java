package io.billingsdk.server.statistics;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * What people see and take away: the page of their figures, and exports. It stands apart from
 * {@link StatisticsFeature}, which the intake stands on and which commands use without a server;
 * the document of the API has its routes there.
 */
public final class UsagePageFeature implements Feature {
  private final Holders holders;
  private final ProfileStore profiles = new ProfileStore();
  private final PaperFolder papers;
  private final InstantSource clock = InstantSource.system();

  /**
   * Of an installation.
   *
   * @param papers the folder with {@code fonts}; it may be absent
   */
  public UsagePageFeature(Platform platform, Path papers) {
    this.holders = new Holders(platform.secrets(), clock);
    this.papers = new PaperFolder(papers);
  }

  @Override
  public List<Route> routes() {
    return new ExportRoutes(holders, new Exports(profiles, papers, clock)).routes();
  }

  @Override
  public List<Route> pages() {
    return new UsagePageRoutes(holders, profiles, clock).routes();
  }
}
