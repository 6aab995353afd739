using System.Text;
using System.Text.Json;
using FluentValidation.Results;
using Galley.Api.Doors;
using Galley.Api.Rest;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Api.Typed;

/// <summary>
/// A command as an operation of its own: <c>POST /v1/commands/set</c>, <c>POST /v1/commands/config/get</c>. The body and
/// its validator are derived when they are first asked for.
/// </summary>
internal sealed class TypedOperation
{
    public const string Root = "/v1/commands";

    private readonly byte[][] _name;
    private readonly Lazy<Body> _body;
    private readonly Lazy<BodyValidator> _validator;

    public TypedOperation(CommandInfo command)
    {
        Command = command;
        _name = Array.ConvertAll(command.Name.Split('|'), Encoding.ASCII.GetBytes);
        _body = new Lazy<Body>(() => BodyOfGrammar.Derive(command.Grammar));
        _validator = new Lazy<BodyValidator>(() => new BodyValidator(_body.Value));
    }

    public CommandInfo Command { get; }

    public Body Body => _body.Value;

    /// <summary>The address, each word of the name a segment in small letters.</summary>
    public string Path => $"{Root}/{Command.LowerName.Replace('|', '/')}";

    /// <summary>Why the command cannot be called over HTTP whatever its arguments, in the words of the REST door; or null.</summary>
    public string? Refusal => UnavailableCommands.Refusal(CommandTable.Shared, Arguments.Of(_name));

    public List<ValidationFailure> Check(JsonElement json) => _validator.Value.Validate(json).Errors;

    /// <summary>Adds the call to a batch; the body has been checked.</summary>
    public void AddTo(CommandBatch batch, JsonElement json)
    {
        batch.BeginCommand();
        foreach (byte[] word in _name) batch.Add(word);
        BodyWords.Write(Body.Parts, json, batch);
    }
}
