package dev.slipway.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

/**
 * SQLite itself, which lies in the jar and can be loaded from a file only. The driver's own way is
 * to look through all temporary files, to read its copy back byte by byte, and to leave it behind
 * when the process is killed: a megabyte for each kill.
 */
final class SqliteLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);
  private static final String PLACE = "org.sqlite.lib.path";
  private static final String TEMPORARY = "org.sqlite.tmpdir";

  private static boolean tried;

  private SqliteLibrary() {}

  /**
   * Loads it from a copy that only this process knows and that is gone when this returns. Does
   * nothing where it is loaded, or where somebody told the driver where to find it. Where no copy
   * can be loaded, the driver tries its own way with the first connection, and says what is wrong.
   *
   * @param second a folder to use where the one for temporary files cannot be: programs may be
   *     forbidden there
   */
  static synchronized void load(Path second) {
    if (tried || System.getProperty(PLACE) != null || System.getProperty(TEMPORARY) != null) {
      return;
    }
    tried = true;
    for (Path folder : List.of(Path.of(System.getProperty("java.io.tmpdir")), second)) {
      try {
        loadFrom(folder);
        return;
      } catch (IOException | UnsatisfiedLinkError notThere) {
        LOG.debug("SQLite cannot be loaded from {}: {}", folder, notThere.toString());
      }
    }
  }

  @SuppressWarnings("restricted") // the jar's manifest allows native access
  private static void loadFrom(Path parent) throws IOException {
    // Its owner's alone
    Path folder = Files.createTempDirectory(parent, "slipway-sqlite");
    try {
      String name = LibraryLoaderUtil.getNativeLibName();
      Path file = folder.resolve(name);
      try {
        try (InputStream library =
            SQLiteJDBCLoader.class.getResourceAsStream(place() + "/" + name)) {
          if (library == null) {
            throw new FileNotFoundException("the jar has none for this machine");
          }
          long _ = Files.copy(library, file);
        }
        System.load(file.toAbsolutePath().toString());
        tellDriver(folder);
      } finally {
        Files.deleteIfExists(file);
      }
    } finally {
      Files.deleteIfExists(folder);
    }
  }

  /**
   * Where it lies in the jar. The driver knows, but on Linux it starts a program to find out, and
   * follows the name of every piece of memory.
   */
  private static String place() throws IOException {
    if (!System.getProperty("os.name").equals("Linux")) {
      return LibraryLoaderUtil.getNativeLibResourcePath();
    }
    String memory = Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
    String system = memory.contains("/ld-musl-") ? "Linux-Musl" : "Linux";
    return "/org/sqlite/native/" + system + "/" + OSInfo.getArchName();
  }

  /** That it is loaded; it looks for files that were left behind in a folder that has none. */
  private static void tellDriver(Path folder) throws IOException {
    System.setProperty(PLACE, folder.toAbsolutePath().toString());
    System.setProperty(TEMPORARY, folder.toAbsolutePath().toString());
    try {
      boolean _ = SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      throw new IOException(e);
    } finally {
      System.clearProperty(PLACE);
      System.clearProperty(TEMPORARY);
    }
  }
}
