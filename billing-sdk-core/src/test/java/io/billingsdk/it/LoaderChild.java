package io.billingsdk.it;

import io.billingsdk.testbed.Await;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A host that loads the SDK, uses it and drops it, again and again, and says in the end what is
 * left: {@code LEFT delivered loaders threads names}. It has none of the SDK's classes itself.
 *
 * <p>Arguments: rounds, class path, host, port, authority, user, password, directory.
 */
public final class LoaderChild {
  /** A collection ends threads and loaders a moment later; a loader that is left then leaks. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private LoaderChild() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    // Otherwise a thread that is left keeps the process, and the test waits for its last word.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failed) -> {
          failed.printStackTrace();
          Runtime.getRuntime().halt(1);
        });
    int rounds = Integer.parseInt(args[0]);
    // Its threads outlive every round: what the SDK leaves in them is left for good.
    ExecutorService host = Executors.newFixedThreadPool(1);
    host.submit(() -> {}).get();
    Set<Thread> before = threads();
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    long delivered = 0;
    for (int round = 0; round < rounds; round++) {
      boolean onPool = round % 2 == 1;
      delivered += round(args, round, onPool ? host : null, loaders);
      Set<Thread> atClose = threadsSince(before);
      if (atClose.stream().anyMatch(each -> each.getName().startsWith("billing-"))) {
        System.out.println("AT_CLOSE " + names(atClose));
      }
    }
    long left = collected(loaders, before);
    System.out.println(
        "LEFT "
            + delivered
            + " "
            + left
            + " "
            + threadsSince(before).size()
            + " "
            + names(threadsSince(before)));
    String dump = System.getProperty("heap.dump");
    if (dump != null && left > 0) {
      java.lang.management.ManagementFactory.getPlatformMXBean(
              com.sun.management.HotSpotDiagnosticMXBean.class)
          .dumpHeap(dump, /* live= */ true);
    }
    host.shutdownNow();
  }

  private static long round(
      String[] args,
      int round,
      @Nullable ExecutorService pool,
      List<WeakReference<ClassLoader>> loaders)
      throws Exception {
    URLClassLoader loader = loader(args[1]);
    Thread thread = Thread.currentThread();
    ClassLoader own = thread.getContextClassLoader();
    // As a container does: what is made in a round takes this loader along.
    thread.setContextClassLoader(loader);
    try {
      @SuppressWarnings("unchecked")
      Callable<Long> driver =
          (Callable<Long>)
              loader
                  .loadClass("io.billingsdk.it.LoaderDriver")
                  .getConstructors()[0]
                  .newInstance(
                      args[2],
                      // Each third one finds no broker.
                      round % 3 == 2 ? 1 : Integer.parseInt(args[3]),
                      args[4],
                      args[5],
                      args[6],
                      Path.of(args[7], "journal-" + round).toString());
      return pool == null ? driver.call() : pool.submit(driver).get();
    } finally {
      thread.setContextClassLoader(own);
      loaders.add(new WeakReference<>(loader));
      loader.close();
    }
  }

  private static URLClassLoader loader(String classPath) throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String each : classPath.split(File.pathSeparator, -1)) {
      urls.add(Path.of(each).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /** How many are left when all was collected that can be, and threads had time to end. */
  private static long collected(List<WeakReference<ClassLoader>> loaders, Set<Thread> before) {
    var unused =
        Await.holds(
            PATIENCE,
            () -> {
              System.gc();
              return left(loaders) == 0 && threadsSince(before).isEmpty();
            });
    return left(loaders);
  }

  private static long left(List<WeakReference<ClassLoader>> loaders) {
    return loaders.stream().filter(each -> each.get() != null).count();
  }

  private static Set<Thread> threads() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }

  private static Set<Thread> threadsSince(Set<Thread> before) {
    Set<Thread> now = threads();
    now.removeAll(before);
    return now;
  }

  private static List<String> names(Set<Thread> threads) {
    return threads.stream().map(each -> each.getName().replace(' ', '_')).sorted().toList();
  }
}
