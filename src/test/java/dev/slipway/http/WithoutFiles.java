package dev.slipway.http;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that opens files until there are none left, and then makes a call. */
final class WithoutFiles {
  private WithoutFiles() {}

  /**
   * Prints what became of the call.
   *
   * @param arguments an address that answers
   */
  public static void main(String... arguments) throws Exception {
    URI address = URI.create(arguments[0]);
    List<FileInputStream> open = new ArrayList<>();
    try (Http http = new Http(Duration.ofSeconds(5), "Slipway/test")) {
      // Loads the classes of a bad end, which lie in files themselves
      Reply reply = http.send(Call.post(URI.create("http://127.0.0.1:1/")));
      do {
        // The connection of the call before may be closed only after the files were taken
        reply = http.send(Call.post(address));
        take(open);
      } while (reply instanceof Reply.Answered && open.size() < 10_000);
      for (FileInputStream file : open) {
        file.close();
      }
      System.out.println(reply);
    }
  }

  private static void take(List<FileInputStream> open) {
    try {
      while (true) {
        open.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException noneLeft) {
      return;
    }
  }
}
