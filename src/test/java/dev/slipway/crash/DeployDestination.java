package dev.slipway.crash;

import dev.slipway.fakes.FakeRepository;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where a deployment goes: 96 queues in four repositories, six of which get more than the others.
 */
record DeployDestination(Kind kind, int queue) {
  private static final int QUEUES = 96;

  /** The way in which it is deployed. */
  enum Kind {
    HOOK,
    API,
    QOVERY,
    SHELL;

    private static Kind of(int queue) {
      int sixteenth = queue % 16;
      return sixteenth < 5 ? HOOK : sixteenth < 9 ? API : sixteenth < 13 ? QOVERY : SHELL;
    }

    private String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static DeployDestination of(long deployment) {
    boolean hot = deployment % 3 == 0;
    int queue = (int) (hot ? deployment / 3 % 6 * 7 : deployment % QUEUES);
    return new DeployDestination(Kind.of(queue), queue);
  }

  /** All queues of which Qovery has a service. */
  static List<DeployDestination> ofQovery() {
    return IntStream.range(0, QUEUES)
        .mapToObj(queue -> new DeployDestination(Kind.of(queue), queue))
        .filter(place -> place.kind() == Kind.QOVERY)
        .toList();
  }

  String repository() {
    return "octo-org/app-" + queue % 4;
  }

  /** Other repositories have environments of the same name. */
  String environment() {
    return kind.word() + "-" + queue / 4;
  }

  /** What only one deploy may be in at a time. */
  String key() {
    return repository() + " " + environment();
  }

  /** The address of a deployment of the crash program. */
  static OutsideServers.Address addressOf(long deployment) {
    DeployDestination place = of(deployment);
    return new OutsideServers.Address(
        new FakeRepository(place.repository(), 1_296_270 + place.queue() % 4),
        place.environment(),
        place.key());
  }

  /** The application at Qovery. */
  String service() {
    return "00000000-0000-4000-8000-%012d".formatted(queue);
  }
}
