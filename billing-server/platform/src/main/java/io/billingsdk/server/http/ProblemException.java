package io.billingsdk.server.http;

import java.time.Duration;

/** The request ends with a problem, which a {@link Handler} throws and its caller reads. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final Duration retryAfter;

  /** The problem alone. */
  public ProblemException(Problem problem) {
    this(problem, Duration.ZERO);
  }

  /**
   * The same.
   *
   * @param retryAfter when it is worth another try; zero says nothing of it
   */
  public ProblemException(Problem problem, Duration retryAfter) {
    super(problem.detail());
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** The problem that the caller reads. */
  public Problem problem() {
    return problem;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
