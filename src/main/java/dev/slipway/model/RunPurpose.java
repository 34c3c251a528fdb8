package dev.slipway.model;

/** What a run is for. */
public sealed interface RunPurpose {
  /** To deploy the deployment by the chain of its route. */
  RunPurpose DEPLOY = new Deploy();

  /** The word in the database. */
  String code();

  /** The end of the run when its chain ended so. */
  End endOf(End end);

  /** Deploys. */
  record Deploy() implements RunPurpose {
    @Override
    public String code() {
      return "deploy";
    }

    @Override
    public End endOf(End end) {
      return end;
    }
  }

  /**
   * Destroys the environment, by the destroy chain of its route.
   *
   * @param reason why, for people: {@code pull request #12 was closed}
   * @param deletesDeployments whether its deployments are deleted at GitHub then
   */
  record Destroy(String reason, boolean deletesDeployments) implements RunPurpose {
    @Override
    public String code() {
      return deletesDeployments ? "destroy_and_delete" : "destroy";
    }

    /** What destroys an environment has to say so: its failure is no failure of a deploy. */
    @Override
    public End endOf(End end) {
      return switch (end) {
        case End.Succeeded _ -> new End.Destroyed("Destroyed: " + reason);
        case End.Failed(String failure) -> new End.Failed("Not destroyed: " + failure);
        case End.Errored(String error) -> new End.Errored("Not known to be destroyed: " + error);
        // Inactive would say that the environment is gone
        case End.Cancelled(String cancel) -> new End.Failed("Not destroyed: " + cancel);
        case End.Superseded(String newer) -> new End.Failed("Not destroyed: " + newer);
        case End.Destroyed _ -> end;
      };
    }
  }

  /**
   * The purpose with this code.
   *
   * @param reason of a {@link Destroy}
   * @throws IllegalArgumentException when there is none; another version may know it
   */
  static RunPurpose of(String code, String reason) {
    return switch (code) {
      case "deploy" -> DEPLOY;
      case "destroy" -> new Destroy(reason, false);
      case "destroy_and_delete" -> new Destroy(reason, true);
      default -> throw new IllegalArgumentException("unknown purpose: " + code);
    };
  }
}
